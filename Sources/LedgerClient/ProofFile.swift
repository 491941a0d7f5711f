internal import Cryptography
public import Ledger
internal import LedgerJSON
internal import Primitives

/// Verifies files of proofs about the state, without a node or a network.
public enum ProofFile {
  /// Reads a file, compares its summary with its content, and verifies it with genesis. `document` is the file's name in
  /// errors. `key` is what the proof must be about; nil accepts any.
  public static func verify(
    _ file: [UInt8], document: String, key: StateKey? = nil, genesis: Genesis, checkpoint: Checkpoint? = nil
  ) throws(ClientError) -> VerifiedEntry {
    var hash = HashFunction(genesis.suite)
    let proof: EntryProof
    do throws(DocumentError) {
      proof = try ProofDocument.parse(file, document: document, chain: genesis.chain, hash: &hash)
    } catch {
      throw .document(error)
    }
    if let key, proof.key != key { throw .otherEntry(asked: key, proved: proof.key) }
    do throws(EntryProofError) {
      return try proof.verify(genesis: genesis, checkpoint: checkpoint)
    } catch {
      throw .proof(error)
    }
  }
}
