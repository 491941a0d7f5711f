internal import DequeModule
package import Primitives

/// The requests of peers that wait for the responder. Peers take turns, so that what one asks for delays another by one
/// answer at most, however many ask; each has a few requests open, and a rate of bytes. Excess requests are dropped; the
/// peer then asks again or asks another node.
package struct RequestQueue: Sendable {
  /// The greatest number of open requests of one peer.
  package static let limitOfPeer = 4

  /// Requests that have not been answered, including those that wait.
  private var open: [PeerID: Int] = [:]
  private var waiting: [PeerID: Deque<PeerRequest>] = [:]
  /// The peers of which something waits. It is the turn of the first one that may be sent bytes.
  private var turns: Deque<PeerID> = []
  /// What each peer may be sent now. An answer may exceed it, and delays the next one.
  private var budgets: [PeerID: ByteBudget] = [:]

  package init() {}

  /// Adds a request; `finish` must be called once it is answered. Returns false if the peer has too many.
  package mutating func put(_ request: PeerRequest) -> Bool {
    let peer = request.peer
    guard hasRoom(for: peer) else { return false }
    open[peer, default: 0] += 1
    if waiting[peer, default: []].isEmpty { turns.append(peer) }
    waiting[peer, default: []].append(request)
    return true
  }

  /// Whether one more request of the peer would be added.
  package func hasRoom(for peer: PeerID) -> Bool { open[peer, default: 0] < Self.limitOfPeer }

  /// Removes the request to answer next; nil if none waits whose peer may be sent bytes.
  package mutating func take(at now: Tick) -> PeerRequest? {
    for _ in turns.indices {
      guard let peer = turns.popFirst() else { return nil }
      guard pause(of: peer, now) == 0, let request = waiting[peer]?.popFirst() else {
        turns.append(peer)
        continue
      }
      if waiting[peer]?.isEmpty ?? true { waiting[peer] = nil } else { turns.append(peer) }
      return request
    }
    return nil
  }

  /// The microseconds until `take` returns a request; nil if none waits.
  package mutating func pause(at now: Tick) -> UInt64? { turns.map { pause(of: $0, now) }.min() }

  private mutating func pause(of peer: PeerID, _ now: Tick) -> UInt64 {
    budgets[peer]?.time(until: 0, at: now) ?? 0
  }

  /// Notes that a request of the peer has been answered with this many bytes.
  package mutating func finish(_ peer: PeerID, sent bytes: Int, at now: Tick) {
    let full = ByteBudget(rate: Limits.answerRate, burst: Limits.answerBurst, left: Limits.answerBurst, at: now)
    budgets[peer, default: full].spend(bytes, at: now)
    guard let count = open[peer] else { return }
    open[peer] = count > 1 ? count - 1 : nil
  }
}
