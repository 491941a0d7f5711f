internal import Primitives
internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("Peers that were dropped")
struct FormerPeersTests {
  @Test("The conduct of a dropped peer is found once, by id and name; beyond the limit the oldest is forgotten")
  func bounded() {
    var former = FormerPeers(limit: 2)
    let conducts = (0..<3).map { _ in PeerConduct(PeerNetworkLimits()) }
    for (id, conduct) in conducts.enumerated() { former.add(PeerID(UInt16(id)), "node", conduct) }
    #expect(former.take(PeerID(0), "node") == nil)
    #expect(former.take(PeerID(1), "other") == nil)
    #expect(former.take(PeerID(1), "node") === conducts[1])
    #expect(former.take(PeerID(1), "node") == nil)
    #expect(former.take(PeerID(2), "node") === conducts[2])
  }
}
