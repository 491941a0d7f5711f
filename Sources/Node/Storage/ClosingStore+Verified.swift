internal import BlockLog
internal import Cryptography
internal import Ledger
internal import NodeCore

extension ClosingStore {
  /// Reads the closings that follow from genesis, and verifies their signatures.
  func load(_ genesis: Genesis) throws(DiskError) -> Found {
    var verifier = SignatureVerifier(genesis.suite)
    return try load(genesis) { verifier.verify($0.signature, of: $0.message, by: $0.key) }
  }
}
