package import Cryptography
package import Primitives

/// Signatures to verify on the worker pool. The answer says for each whether it was found valid.
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
  /// The peer that sent this of its own accord; nil for what clients sent, for blocks and for answers to questions.
  package var peer: PeerID?

  package init(ticket: Ticket, items: [VerificationItem], urgency: Urgency, peer: PeerID? = nil) {
    self.ticket = ticket
    self.items = items
    self.urgency = urgency
    self.peer = peer
  }

  /// Whether the first invalid signature is the answer, so that the others need not be verified: whoever sent it sent
  /// them all. Transactions of clients have different senders.
  package var endsAtFirstInvalid: Bool { peer != nil || urgency != .transactions }

  /// The answer that one worker gives, which verifies one signature after the other.
  package func results(_ holds: (VerificationItem) -> Bool) -> [Bool] {
    var hasEnded = false
    return items.map { item in
      let isValid = !hasEnded && holds(item)
      if !isValid, endsAtFirstInvalid { hasEnded = true }
      return isValid
    }
  }
}
