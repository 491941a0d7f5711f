import NodeCore
import Primitives
import Testing

@Testing.Suite("Requests of peers")
struct OpenRequestsTests {
  /// Begins as many requests of a peer as it may have; how many that are.
  private func fill(_ open: inout OpenRequests, _ peer: PeerID) -> Int {
    var count = 0
    while count < 100, open.begin(peer) { count += 1 }
    return count
  }

  @Test("A peer that repeats itself does not take the place of another")
  func bounded() {
    var open = OpenRequests()
    let first = fill(&open, PeerID(1))
    #expect(first == OpenRequests.limitOfPeer)
    let other = fill(&open, PeerID(2))
    #expect(other == OpenRequests.limitOfPeer)
    open.end(PeerID(1))
    let more = fill(&open, PeerID(1))
    #expect(more == 1)
  }

  @Test("An end without a beginning frees no room")
  func unmatched() {
    var open = OpenRequests()
    open.end(PeerID(1))
    let count = fill(&open, PeerID(1))
    #expect(count == OpenRequests.limitOfPeer)
  }
}
