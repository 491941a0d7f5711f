import Primitives
import Testing

@testable import Node

@Testing.Suite("The frames of peers that wait for the replica")
struct FrameLanesTests {
  private let first = PeerID(0)
  private let second = PeerID(1)
  private let now = Tick(1000)

  @Test("H1: a peer that sends without end is not read any more, and the others are", arguments: [4, 100])
  func shares(peers: Int) {
    let lanes = FrameLanes(peers: peers)
    var count = 0
    while lanes.hasRoom(for: first, now) {
      lanes.add(100, of: first)
      count += 1
    }
    #expect(count * peers <= FrameLanes.frameLimit && count <= FrameLanes.frameShare)
    #expect(lanes.hasRoom(for: second, now))
    #expect(lanes.remove(100, of: first))
    #expect(lanes.hasRoom(for: first, now))
  }

  @Test("A link that stopped reading is read again once there is room, whenever that was noticed")
  func resumes() {
    let lanes = FrameLanes(peers: 4)
    #expect(!lanes.mustResume(now).isDue)
    for _ in 0..<FrameLanes.frameShare { lanes.add(1, of: first) }
    // Nobody has asked, so no link has stopped.
    #expect(lanes.remove(1, of: first))
    #expect(!lanes.mustResume(now).isDue)
    lanes.add(1, of: first)
    #expect(!lanes.hasRoom(for: first, now))
    #expect(!lanes.mustResume(now).isDue)
    #expect(lanes.remove(1, of: first))
    #expect(lanes.mustResume(now).isDue)
    #expect(!lanes.mustResume(now).isDue)
  }

  @Test("H1: few large frames fill a peer's share as well as many small ones")
  func bytes() {
    let lanes = FrameLanes(peers: 4)
    lanes.add(FrameLanes.byteShare, of: first)
    #expect(!lanes.hasRoom(for: first, now))
    #expect(lanes.hasRoom(for: second, now))
  }

  @Test("H8: what waits of a peer that misbehaved is dropped, until it has a new link")
  func barred() {
    let lanes = FrameLanes(peers: 4)
    for peer in [first, first, first, second] { lanes.add(1, of: peer) }
    #expect(lanes.remove(1, of: first))
    lanes.bar(first)
    #expect(!lanes.remove(1, of: first))
    #expect(lanes.remove(1, of: second))
    lanes.admit(first)
    #expect(lanes.remove(1, of: first))
  }

  @Test("H14: a peer that is read more slowly has no room until its pause is over, and the others have")
  func paused() {
    let lanes = FrameLanes(peers: 4)
    lanes.pause(first, until: Tick(2000))
    #expect(!lanes.hasRoom(for: first, now))
    #expect(lanes.hasRoom(for: second, now))
    #expect(lanes.mustResume(now) == (false, Tick(2000)))
    #expect(lanes.mustResume(Tick(2000)) == (true, nil))
    #expect(lanes.hasRoom(for: first, Tick(2000)))
  }
}
