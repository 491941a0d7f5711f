internal import Ledger

/// A decoded transaction whose signatures are being verified.
struct IncomingTransaction {
  var transaction: SignedTransaction
  /// Who waits for this very check, beside those in `PendingTransaction.tokens`.
  var token: SubmissionToken?
}
