import Primitives
import Testing

@testable import Replica

@Testing.Suite("The requests for chunks")
struct ChunkRequestsTests {
  private let peers: Set<PeerID> = [PeerID(1), PeerID(2), PeerID(3)]
  private let retry: UInt64 = 200_000
  private var now: UInt64 = 0

  private mutating func next(_ chunks: inout ChunkRequests, of peers: Set<PeerID>) -> [(peer: PeerID, index: Int)] {
    chunks.next(of: peers, now: Tick(now), retry: retry)
  }

  private func isHopeless(_ chunks: inout ChunkRequests, of peers: Set<PeerID>, patience: UInt64 = 1) -> Bool {
    chunks.isHopeless(of: peers, patience: patience, now: Tick(now), retry: retry)
  }

  @Test("H2: a peer that drips chunks at the last moment is given up after one period", arguments: [5, 100, 4096])
  mutating func dripping(count: Int) {
    var chunks = ChunkRequests(count: count, here: [])
    var periods = 0
    while periods < 10, !isHopeless(&chunks, of: [PeerID(1)]) {
      periods += 1
      let asked = next(&chunks, of: [PeerID(1)])
      now += 16 * retry - 1
      for request in asked { _ = chunks.accepts(request.index, from: request.peer) }
      now += 1
    }
    #expect(periods == 1)
  }

  @Test("A snapshot that comes at the least rate ends within a bound")
  mutating func bound() {
    var chunks = ChunkRequests(count: 4096, here: [])
    var left = 4096
    while left > 0 {
      let hopeless = isHopeless(&chunks, of: peers)
      #expect(!hopeless)
      // 32 chunks in each period.
      for _ in 0..<16 {
        for request in next(&chunks, of: peers).prefix(2) where chunks.accepts(request.index, from: request.peer) {
          left -= 1
        }
        chunks.restart()
      }
      now += 16 * retry
      if now > 2048 * retry { break }
    }
    #expect(left == 0)
  }

  @Test("H2: the last chunks are requested from a second peer if the first is slow, and either may answer")
  mutating func rivals() {
    var chunks = ChunkRequests(count: 2, here: [])
    let first = next(&chunks, of: [PeerID(1)])
    #expect(first.count == 2)
    now += 2 * retry - 1
    #expect(next(&chunks, of: peers).isEmpty)
    now += 1
    #expect(chunks.nextDeadline(retry: retry).map { $0.rawValue <= now } == true)
    let second = next(&chunks, of: peers)
    #expect(Set(second.map(\.index)) == [0, 1])
    #expect(!second.map(\.peer).contains(PeerID(1)))
    let answer1 = chunks.accepts(0, from: PeerID(1))
    #expect(answer1)
    for peer in peers {
      let again = chunks.accepts(0, from: peer)
      #expect(!again)
    }
    let other = second.first { $0.index == 1 }?.peer ?? PeerID(1)
    let answer2 = chunks.accepts(1, from: other)
    #expect(answer2)
    #expect(chunks.isComplete)
  }

  @Test("Without links nobody is slow")
  mutating func withoutLinks() {
    var chunks = ChunkRequests(count: 100, here: [])
    _ = isHopeless(&chunks, of: peers)
    now += 1000 * retry
    let alone = isHopeless(&chunks, of: [])
    #expect(!alone)
    let together = isHopeless(&chunks, of: peers)
    #expect(!together)
  }
}
