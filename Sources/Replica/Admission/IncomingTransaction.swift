internal import Ledger

/// A decoded transaction whose signatures are being verified.
struct IncomingTransaction {
  var transaction: SignedTransaction
  /// Identifies the client that waits for this particular check, in addition to those in `PendingTransaction.tokens`.
  var token: SubmissionToken?
}
