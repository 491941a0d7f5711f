package import Cryptography

/// Signatures to verify on the worker pool. The answer says for each whether it is valid.
package struct VerificationRequest: Sendable {
  /// The order of precedence. Without it, a flood of transactions would hold up views, and a large block the votes on
  /// it.
  package enum Urgency: Int, CaseIterable, Comparable, Sendable {
    case votes, block, transactions

    package static func < (left: Urgency, right: Urgency) -> Bool { left.rawValue < right.rawValue }
  }

  package var ticket: Ticket
  package var items: [VerificationItem]
  package var urgency: Urgency

  package init(ticket: Ticket, items: [VerificationItem], urgency: Urgency) {
    self.ticket = ticket
    self.items = items
    self.urgency = urgency
  }
}
