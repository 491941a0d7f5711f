import Cryptography
import Ledger
import LedgerJSON
import Primitives

/// A receipt that was read from a file and verified, with the genesis that it was verified with.
struct CheckedReceipt {
  let genesis: Genesis
  let receipt: Receipt
  let proved: VerifiedReceipt
  /// SHA-256 of the file, whatever the suite.
  let fileDigest: Digest

  init(_ file: String, genesis: Genesis, checkpoint: Checkpoint? = nil) throws {
    let bytes = try TextFile.read(file)
    var hash = HashFunction(genesis.suite)
    receipt = try ReceiptDocument.parse(bytes, document: TextFile.name(file), chain: genesis.chain, hash: &hash)
    proved = try receipt.verify(genesis: genesis, checkpoint: checkpoint)
    self.genesis = genesis
    var sha256 = HashFunction(.p256SHA256)
    fileDigest = sha256.hash(bytes)
  }
}
