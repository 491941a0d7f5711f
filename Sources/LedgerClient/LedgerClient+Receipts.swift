internal import Cryptography
public import Ledger
internal import LedgerJSON
public import Primitives

extension LedgerClient {
  /// The receipt file of a finalized transaction, as the node returns it. It proves nothing until you verify it.
  public func receiptFile(_ id: Digest) async throws(ClientError) -> [UInt8] {
    try await send(Call("transactions/\(id)/receipt")).body()
  }

  /// Fetches the receipt of a finalized transaction and verifies it with genesis: a quorum of the validators vouches for the
  /// returned value, so the node need not be trusted.
  public func receipt(_ id: Digest, genesis: Genesis) async throws(ClientError) -> VerifiedReceipt {
    let verified = try ReceiptFile.verify(
      try await receiptFile(id), document: "the receipt of \(id)", genesis: genesis)
    guard verified.transaction.id == id else {
      throw .otherTransaction(asked: id, proved: verified.transaction.id)
    }
    return verified
  }
}
