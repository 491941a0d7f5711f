/// The bytes of a transaction that are being verified, and who waits for that. Transactions with one ID may differ in
/// their signatures: whoever sent other bytes waits for a check of its own.
struct PendingTransaction {
  var bytes: [UInt8]
  /// The check that it is part of.
  var ticket: Ticket
  var tokens: [SubmissionToken]
}
