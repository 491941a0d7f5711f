import NodeCore
import Primitives
import Replica
import Testing

/// What peers send, and who gets it.
@Testing.Suite("The route of peer messages")
struct FrameRouterTests {
  private final class Receivers: FrameReceivers {
    var steps: [[UInt8]] = []
    var requests: [PeerRequest] = []
    var finals: [(bytes: [UInt8], height: Height)] = []
    var blamed: [PeerID] = []

    func step(_ frame: [UInt8], from peer: PeerID) { steps.append(frame) }
    func serve(_ request: PeerRequest) { requests.append(request) }
    func receiveFinal(_ bytes: [UInt8], of height: Height, from peer: PeerID) { finals.append((bytes, height)) }
    func blame(_ peer: PeerID, _ error: CodecError) { blamed.append(peer) }
  }

  private static let peer = PeerID(3)

  private func route(_ frame: [UInt8]) -> Receivers {
    let receivers = Receivers()
    FrameRouter.route(frame, from: Self.peer, to: receivers)
    return receivers
  }

  @Test("A request for a final block goes to the responder, its answer to the requester, and neither to the replica")
  func finals() {
    let asked = route(PeerMessage.fetchFinal(Height(7)).encoded())
    guard case .final(Self.peer, Height(7))? = asked.requests.first else {
      return #expect(Bool(false), "\(asked.requests)")
    }
    #expect(asked.steps.isEmpty && asked.finals.isEmpty)
    let answered = route(PeerMessage.final(Height(7), [1, 2, 3]).encoded())
    #expect(answered.finals.first?.bytes == [1, 2, 3] && answered.finals.first?.height == Height(7))
    #expect(answered.steps.isEmpty && answered.requests.isEmpty)
  }

  @Test(
    "Every other kind goes to the replica undecoded, and so does what has no kind", arguments: PeerMessage.Kind.allCases
  )
  func replica(kind: PeerMessage.Kind) {
    for frame in [[kind.rawValue], [0], [255, 1], []] {
      let found = route(frame)
      if frame.first == kind.rawValue, kind.receiver != .replica {
        #expect(found.blamed == [Self.peer] && found.steps.isEmpty)
      } else {
        #expect(found.steps == [frame] && found.blamed.isEmpty)
      }
    }
  }

  @Test("N1: a malformed frame for a receiver other than the replica is blamed on its sender")
  func malformed() {
    for frame in [PeerMessage.fetchFinal(Height(7)).encoded(), PeerMessage.final(Height(7), [1]).encoded()] {
      #expect(route(frame + [0]).blamed == [Self.peer])
      #expect(route(Array(frame.dropLast())).blamed == [Self.peer])
    }
  }
}
