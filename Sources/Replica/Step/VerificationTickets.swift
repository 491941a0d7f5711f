internal import Primitives

/// The work given to the workers and not answered yet, by ticket, and how much of it each peer caused.
struct VerificationTickets {
  private var last: UInt64 = 0
  private var work: [Ticket: PendingWork] = [:]
  private var open: [PeerID: Int] = [:]

  /// The ticket that will be issued next.
  var next: Ticket { Ticket(number: last + 1) }

  var count: Int { work.count }

  mutating func issue(_ pending: PendingWork) -> Ticket {
    let ticket = next
    last += 1
    work[ticket] = pending
    if let peer = pending.peer { open[peer, default: 0] += 1 }
    return ticket
  }

  /// The work that an answered ticket stands for; nil if the ticket is not open.
  mutating func finish(_ ticket: Ticket) -> PendingWork? {
    guard let pending = work.removeValue(forKey: ticket) else { return nil }
    if let peer = pending.peer { open[peer, default: 1] -= 1 }
    return pending
  }

  /// Whether the peer may cause more work. If not, its messages are dropped before they cost anything.
  func hasRoom(for peer: PeerID) -> Bool { open[peer, default: 0] < Limits.peerChecks }

  func checkInvariants() {
    var counts: [PeerID: Int] = [:]
    for pending in work.values {
      if let peer = pending.peer { counts[peer, default: 0] += 1 }
    }
    precondition(open.filter { $0.value != 0 } == counts, "open checks \(open) do not match the tickets, \(counts)")
  }
}
