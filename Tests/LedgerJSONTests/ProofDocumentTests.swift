import Cryptography
import Foundation
import Ledger
import LedgerJSON
import Primitives
import TestHarness
import Testing

@Testing.Suite("The file of a proof")
struct ProofDocumentTests {
  private static let chain: ChainContext = ChainContext(suite: .ed25519SHA256, genesis: Digest(1, 2, 3, 4))

  /// One entry of each kind, in the variants that a summary tells apart.
  private static func entries() throws -> [StateEntry] {
    let notary = Samples.name("notary")
    let authority = MemberAuthority(
      roles: [.issuer, .notary], keys: [try Samples.privateKey(1).publicKey], threshold: 1)
    let deeds = Samples.collection("deeds/2031")
    func record(_ metadata: [UInt8], version: UInt64 = .max) -> RecordVersion {
      RecordVersion(
        collection: deeds, key: "Zürich \"7\"", version: version, author: notary, content: Digest(5, 6, 7, 8),
        metadata: metadata, time: Timestamp(1_900_000_000_123), previous: version == 1 ? .zero : Digest(8, 7, 6, 5))
    }
    return [
      .parameters(ChainParameters(administratorThreshold: 2)),
      .member(Member(name: notary, description: "N", authority: authority, suspension: nil)),
      .member(Member(name: notary, description: "", authority: authority, suspension: "licence withdrawn")),
      .account(Account(name: Samples.account("shop/till"), description: "T", isFrozen: true)),
      .asset(Asset(name: notary, issuer: notary, decimals: 2, description: "euro", supply: Amount(.max))),
      .balance(Samples.account("shop"), asset: Samples.name("eur"), amount: Amount(.max)),
      .collection(deeds, owner: notary), .record(record(Array("plain".utf8))), .record(record([0, 255])),
      .record(record([], version: 1)),
      .remembered(
        RememberedGroup(
          height: Height(7), number: 1,
          identities: [RememberedIdentity(id: Digest(1, 2, 3, 4), validUntil: Timestamp(1_900_000_000_000))])),
      .configuration(
        ChainConfiguration(
          rulesVersion: 4, leaderTimeoutMilliseconds: 1000,
          validators: [ConfiguredValidator(name: notary, member: notary, voteKey: authority.keys[0])])),
      .node(
        DirectoryEntry(
          name: notary, member: notary, pins: [Digest(1, 1, 1, 1)], addresses: ["node1.example:7001", "[::1]:7001"])),
      .keyChange(notary, time: Timestamp(1_900_000_000_123)), .hold(hold(arbiter: notary)), .hold(hold(arbiter: nil)),
      .assetTerms(Samples.name("eur"), AssetTerms(cap: Amount(.max))),
      .assetTerms(Samples.name("eur"), AssetTerms(isFrozen: true)),
    ]
  }

  private static func hold(arbiter: Name?) -> Hold {
    Hold(
      from: Samples.account("shop/till"), reference: Samples.holdReference("Zürich \"7\""), to: Samples.account("bank"),
      asset: Samples.name("eur"), amount: Amount(.max), expires: Timestamp(1_900_000_000_123), arbiter: arbiter,
      placed: HoldNumber(height: Height(.max), operation: 3))
  }

  /// A file of that form. It proves nothing: nobody signed the block.
  private static func proof(_ key: StateKey, _ entry: StateEntry?) throws -> EntryProof {
    var hash = HashFunction(.ed25519SHA256)
    let header = try Samples.receipt(&hash).header
    let receipt = try Samples.receipt(&hash)
    return EntryProof(
      state: StateProof(
        key: key, entry: entry,
        path: MapProof(
          leaf: MapProof.Leaf(key: .zero, value: .zero), steps: [MapProof.Step(bit: 3, sibling: Digest(1, 1, 1, 1))])),
      block: CertifiedBlock(
        header: header, result: receipt.result, descendants: [header], certificate: receipt.certificate))
  }

  private static func proofs() throws -> [EntryProof] {
    try entries().map { try proof($0.key, $0) } + [try proof(.account(Samples.account("shop/x")), nil)]
  }

  private static func read(_ file: JSONValue, _ chain: ChainContext = chain) throws -> EntryProof {
    var hash = HashFunction(chain.suite)
    return try ProofDocument.parse(JSONWriter.compact(file), document: "p.json", chain: chain, hash: &hash)
  }

  private static func rendered(_ proof: EntryProof) throws -> [String: JSONValue] {
    var hash = HashFunction(chain.suite)
    let bytes = ProofDocument.render(proof, chain: chain, hash: &hash)
    guard case .object(let file) = try JSONParser.parse(bytes, document: "") else { throw CancellationError() }
    return file
  }

  @Test("A file of every kind of entry is written as the golden ones, and read back the same")
  func golden() throws {
    let files = try Self.proofs().map { try Self.rendered($0) }
    let bytes = JSONWriter.pretty(.array(files.map { .object($0) }))
    #expect(String(decoding: bytes, as: UTF8.self) == (try Samples.golden("proofs.json", bytes)))
    for (file, proof) in zip(files, try Self.proofs()) { #expect(try Self.read(.object(file)) == proof) }
  }

  @Test("formats-state.md lists every member of a summary, and of each kind's key and entry")
  func documentedMembers() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Documentation/formats-state.md")
    let text = try String(contentsOf: url.standardized, encoding: .utf8)
    let section = try #require(text.components(separatedBy: "### The file of a proof").last)
      .components(separatedBy: "\n## ")[0]
    let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
      row.split(separator: "|").map { cell in
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
          .compactMap { $0.isMultiple(of: 2) ? nil : String($1) }
      }
    }
    let members = Set(rows.prefix(5).flatMap { $0[0] })
    // The second table begins with its heading.
    let kinds = Dictionary(uniqueKeysWithValues: rows.dropFirst(6).map { ($0[0][0], $0) })
    var seen: Set<String> = []
    for proof in try Self.proofs() {
      guard case .object(let summary)? = try Self.rendered(proof)["summary"],
        case .object(let key)? = summary["key"], case .string(let kind)? = key["kind"], let row = kinds[kind]
      else {
        Issue.record("no summary, or a kind that the document does not list: \(proof.key)")
        continue
      }
      seen.insert(kind)
      #expect(Set(summary.keys) == members)
      #expect(Set(key.keys) == Set(["kind"] + row[1]))
      guard case .object(let entry)? = summary["entry"] else {
        #expect(summary["entry"] == .string("no such entry"))
        continue
      }
      #expect(Set(entry.keys).isSubset(of: row[2]))
    }
    #expect(seen == Set(kinds.keys))
  }

  @Test("A summary that differs from the proof anywhere is refused, and may be left out")
  func tamperedSummary() throws {
    for proof in try Self.proofs() {
      var file = try Self.rendered(proof)
      guard case .object(let summary)? = file["summary"] else { continue }
      func refuse(_ changed: [String: JSONValue], _ what: String) throws {
        file["summary"] = .object(changed)
        let error = try refusal { try Self.read(.object(file)) }
        #expect(error.path.hasPrefix("summary"), "\(what)")
      }
      for name in summary.keys.sorted() + ["more"] {
        for value in [JSONValue.string("x"), .object([:]), nil] where name != "more" || value != nil {
          var changed = summary
          changed[name] = value
          try refuse(changed, name)
        }
        guard case .object(let inner)? = summary[name] else { continue }
        for member in inner.keys.sorted() + ["more"] {
          for value in [JSONValue.string("x"), nil] where member != "more" || value != nil {
            var (changed, other) = (summary, inner)
            other[member] = value
            changed[name] = .object(other)
            try refuse(changed, "\(name).\(member)")
          }
        }
      }
      file["summary"] = nil
      #expect(try Self.read(.object(file)) == proof)
    }
  }

  @Test("Bytes that are not a proof are refused at their key, and those of another chain with its own code")
  func damaged() throws {
    for text in ["", "zz", "00", "0"] {
      let error = try refusal {
        try Self.read(.object(["format": .string(ProofDocument.format), "proof": .string(text)]))
      }
      #expect(error.path == "proof")
    }
    let file = try Self.rendered(try Self.proofs()[0])
    let other = ChainContext(suite: .ed25519SHA256, genesis: .zero)
    #expect(try refusal { try Self.read(.object(file), other) }.code == "proof.malformed-header")
  }
}
