/// The bytes of a transaction whose signatures are being verified, and the clients that wait for the result.
/// Transactions with the same id may differ in their signatures; a client that sent other bytes waits for a check of
/// its own.
struct PendingTransaction {
  var bytes: [UInt8]
  /// The check that covers it.
  var ticket: Ticket
  var tokens: [SubmissionToken]
}
