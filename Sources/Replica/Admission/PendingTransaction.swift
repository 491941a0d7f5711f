internal import Ledger
internal import Primitives

/// The bytes of a transaction whose signatures are being verified, and who waits for the result. Transactions with the
/// same id may differ in their signatures; a client that sent other bytes waits for a check of its own.
struct PendingTransaction {
  var bytes: [UInt8]
  /// The check that covers it, and the peer that offered it; nil if a client sent it.
  var ticket: Ticket
  var peer: PeerID?
  var tokens: [SubmissionToken] = []
  /// What other peers offered meanwhile, in the order of arrival; one of each. It is checked if this check gives no
  /// valid transaction.
  var others: [(peer: PeerID, transaction: SignedTransaction)] = []

  /// Whether it matters that a peer offers the transaction with these bytes too: not if the peer's are being verified,
  /// or a client's, which are the same and are verified to their end.
  func takes(_ bytes: [UInt8], from peer: PeerID) -> Bool {
    self.peer != peer && !(self.peer == nil && self.bytes == bytes) && !others.contains { $0.peer == peer }
  }
}
