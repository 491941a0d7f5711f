public import Cryptography
public import Ledger
public import Primitives

/// The file of a proof about the state: `{"format": …, "proof": "<hex>", "summary": {…}}`.
///
/// Only the canonical bytes prove anything. The summary is for people; it is derived again when the file is read, and a
/// file with a different summary is refused.
public enum ProofDocument {
  public static let format = "roadbed-proof/1"

  /// Reads a proof. Proves nothing yet; see `EntryProof.verify`. Errors refer to the document as `document`. `hash` must
  /// be of the chain's suite.
  public static func parse(
    _ bytes: [UInt8], document: String, chain: ChainContext, hash: inout HashFunction
  ) throws(DocumentError) -> EntryProof {
    let root = try JSONNode.parse(bytes, document: document)
    let (node, summary) = try root.object { (reader) throws(DocumentError) in
      try reader.required("format").expect(format)
      return (try reader.required("proof"), reader.optional("summary"))
    }
    let encoded = try node.hex()
    let proof: EntryProof
    do throws(EntryProofError) {
      proof = try EntryProof(bytes: encoded, chain: chain)
    } catch {
      throw node.rule(error)
    }
    if let summary { try DerivedSummary.check(summary, Self.summary(of: proof, chain, &hash), source: "proof") }
    return proof
  }

  /// Writes the file of a proof.
  public static func render(_ proof: EntryProof, chain: ChainContext, hash: inout HashFunction) -> [UInt8] {
    JSONWriter.pretty(
      .object([
        "format": .string(format),
        "proof": .string(Hex.encode(proof.bytes(chain))),
        "summary": summary(of: proof, chain, &hash),
      ]))
  }

  /// What the proof says, for people (Documentation/formats-state.md, section 3).
  public static func summary(of proof: EntryProof, _ chain: ChainContext, _ hash: inout HashFunction) -> JSONValue {
    let block = proof.block
    return .object([
      "suite": .string(chain.suite.name),
      "genesis": .text(chain.genesis),
      "height": .integer(block.height.rawValue),
      "block": .text(block.header.digest(chain, hash: &hash)),
      "blockTime": .string(block.header.timestamp.iso8601),
      "epoch": .integer(block.certificate.round.epoch.rawValue),
      "view": .integer(block.certificate.view.rawValue),
      "validators": .array(block.certificate.signers.map { .integer($0.rawValue) }),
      "key": proof.key.json,
      "entry": proof.state.entry?.json ?? .string(absent),
    ])
  }

  /// What takes the place of an entry that the state does not have.
  public static let absent = "no such entry"
}
