internal import Primitives
internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("Addresses of known peers")
struct KnownHostsTests {
  private func host(_ text: String) throws -> RemoteHost { try #require(RemoteHost(text)) }

  private func description(_ hosts: String...) -> PeerDescription {
    var description = TestNode.description(0)
    description.addresses = hosts.map { PeerAddress(host: $0, port: 1) }
    return description
  }

  @Test("All listed addresses and the last other one are known, and those that are no longer listed are forgotten")
  func update() throws {
    let peer = Peer(description("10.0.0.1", "10.0.0.2", "name"), limits: PeerNetworkLimits(), conduct: nil)
    var hosts = KnownHosts()
    #expect(hosts.update([peer]).map(\.address.host) == ["name"])
    hosts.found(try host("10.0.0.3"), of: "name", peer)
    hosts.found(try host("10.0.0.4"), of: "other", peer)
    #expect(!hosts.saw(peer, at: try host("10.0.0.2")))
    #expect(hosts.saw(peer, at: try host("10.0.0.5")))
    #expect(hosts.saw(peer, at: try host("10.0.0.6")))
    #expect(hosts.all == [Set(try ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.6"].map(host))])
    #expect(hosts.peers(at: try host("10.0.0.3")).map(\.id) == [peer.id])

    peer.update(description("10.0.0.2", "name"))
    #expect(hosts.update([peer]).isEmpty)
    #expect(hosts.all == [Set(try ["10.0.0.2", "10.0.0.3", "10.0.0.6"].map(host))])

    let successor = Peer(description("10.0.0.9"), limits: PeerNetworkLimits(), conduct: nil)
    #expect(hosts.update([successor]).isEmpty)
    #expect(!hosts.saw(peer, at: try host("10.0.0.7")))
    #expect(hosts.all == [[try host("10.0.0.9")]])
    #expect(hosts.update([]).isEmpty)
    #expect(hosts.all.isEmpty)
  }
}
