internal import Primitives

/// The work given to the workers and not answered yet, by ticket, and how much of it each peer caused.
struct VerificationTickets {
  private struct Share: Equatable {
    var count = 0
    var bytes = 0
  }

  private var last: UInt64 = 0
  private var work: [Ticket: PendingWork] = [:]
  private var open: [PeerID: Share] = [:]

  /// The ticket that will be issued next.
  var next: Ticket { Ticket(number: last + 1) }

  var count: Int { work.count }

  mutating func issue(_ pending: PendingWork) -> Ticket {
    let ticket = next
    last += 1
    work[ticket] = pending
    if let peer = pending.peer {
      open[peer, default: Share()].count += 1
      open[peer, default: Share()].bytes += pending.bytes
    }
    return ticket
  }

  /// The work that an answered ticket stands for; nil if the ticket is not open.
  mutating func finish(_ ticket: Ticket) -> PendingWork? {
    guard let pending = work.removeValue(forKey: ticket) else { return nil }
    if let peer = pending.peer {
      open[peer, default: Share()].count -= 1
      open[peer, default: Share()].bytes -= pending.bytes
    }
    return pending
  }

  /// Takes away what is open of a peer that has sent an invalid signature, in the order of the tickets. Answers that
  /// still come are ignored.
  mutating func giveUp(of peer: PeerID) -> [(ticket: Ticket, work: PendingWork)] {
    let tickets = work.filter { $0.value.source == peer }.keys
    return tickets.sorted { $0.number < $1.number }.compactMap { ticket in finish(ticket).map { (ticket, $0) } }
  }

  /// Takes away everything but transactions, because another epoch begins.
  mutating func forgetEpoch() {
    for (ticket, pending) in work {
      if case .transactions = pending { continue }
      _ = finish(ticket)
    }
  }

  /// The ticket that was issued last.
  var newest: Ticket { Ticket(number: last) }

  /// Whether the peer may cause more work. If not, its messages are dropped before they cost anything.
  func hasRoom(for peer: PeerID) -> Bool {
    let share = open[peer, default: Share()]
    return share.count < Limits.peerChecks && share.bytes < Limits.peerCheckBytes
  }

  func checkInvariants() {
    var shares: [PeerID: Share] = [:]
    for pending in work.values {
      guard let peer = pending.peer else { continue }
      shares[peer, default: Share()].count += 1
      shares[peer, default: Share()].bytes += pending.bytes
    }
    precondition(
      open.filter { $0.value != Share() } == shares, "open checks \(open) do not match the tickets, \(shares)")
  }
}
