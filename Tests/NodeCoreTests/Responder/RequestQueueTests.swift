import NodeCore
import Primitives
import Testing

@Testing.Suite("Requests of peers")
struct RequestQueueTests {
  private var queue = RequestQueue()
  private let now = Tick(1_000_000)

  /// Puts as many requests of a peer as it may have; how many that are.
  private mutating func fill(_ peer: UInt16) -> Int {
    var count = 0
    while count < 100, queue.put(.final(peer: PeerID(peer), Height(UInt64(count)))) { count += 1 }
    return count
  }

  @Test("A peer that repeats itself does not take the place of another")
  mutating func bounded() {
    let counts = [fill(1), fill(2)]
    #expect(counts == [RequestQueue.limitOfPeer, RequestQueue.limitOfPeer])
    // Taken, but not answered.
    _ = queue.take(at: now)
    let none = fill(1)
    queue.finish(PeerID(1), sent: 0, at: now)
    let more = fill(1)
    #expect([none, more] == [0, 1])
  }

  @Test("An end without a beginning frees no room")
  mutating func unmatched() {
    queue.finish(PeerID(1), sent: 0, at: now)
    let count = fill(1)
    #expect(count == RequestQueue.limitOfPeer)
  }

  @Test("H14: each of 255 peers has its requests, and waits for one answer of every other at most")
  mutating func turns() {
    for peer in UInt16(1)...255 {
      let count = fill(peer)
      #expect(count == RequestQueue.limitOfPeer)
    }
    for place in 0..<RequestQueue.limitOfPeer {
      let taken = (0..<255).compactMap { _ in queue.take(at: now) }
      #expect(taken.map(\.peer) == (UInt16(1)...255).map { PeerID($0) })
      let inOrder = taken.allSatisfy { if case .final(_, Height(UInt64(place))) = $0 { true } else { false } }
      #expect(inOrder)
    }
    let nothing = queue.take(at: now) == nil
    #expect(nothing)
  }

  @Test("H14: a peer that was sent more than its rate waits until it is made up for, and the others do not")
  mutating func paced() {
    _ = fill(1)
    _ = fill(2)
    let first = queue.take(at: now)?.peer
    queue.finish(PeerID(1), sent: Limits.answerBurst + Limits.answerRate, at: now)
    let next = (0..<5).map { _ in queue.take(at: now)?.peer }
    #expect(first == PeerID(1))
    #expect(next == Array(repeating: PeerID(2), count: RequestQueue.limitOfPeer) + [nil])
    let pause = queue.pause(at: now)
    #expect(pause == 1_000_001)
    let later = queue.take(at: now.advanced(byMicroseconds: 1_000_001))?.peer
    #expect(later == PeerID(1))
  }
}
