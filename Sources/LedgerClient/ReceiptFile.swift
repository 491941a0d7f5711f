internal import Cryptography
public import Ledger
internal import LedgerJSON
internal import Primitives

/// Verifies receipt files without a node or a network.
public enum ReceiptFile {
  /// Reads a receipt file, compares its summary with its content, and verifies it with genesis. `document` is the file's name
  /// in errors.
  public static func verify(
    _ file: [UInt8], document: String, genesis: Genesis
  ) throws(ClientError) -> VerifiedReceipt {
    var hash = HashFunction(genesis.suite)
    let receipt: Receipt
    do throws(DocumentError) {
      receipt = try ReceiptDocument.parse(
        file, document: document, chain: genesis.chain, hash: &hash)
    } catch {
      throw .document(error)
    }
    do throws(ReceiptError) {
      return try receipt.verify(genesis: genesis)
    } catch {
      throw .receipt(error)
    }
  }
}
