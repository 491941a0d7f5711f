internal import Primitives
internal import Testing

@testable internal import PeerNetwork

extension PeerNetworkTests {
  @Testing.Suite("Hostile peers")
  struct HostilePeers {
    /// Node 2 and its honest peer, node 1. The hostile peer 0 uses a raw connection with a listed key.
    private func network(
      _ change: (inout PeerNetworkConfiguration) -> Void = { _ in }
    ) async throws -> (node: TestNode, honest: TestNode) {
      var second = TestNode.configuration(2, peers: [TestNode.description(0), TestNode.description(1)])
      // These tests make one link after another.
      second.limits.misbehaviourMinimumMilliseconds = 0
      second.limits.linkBurst = 1000
      change(&second)
      let node = try await TestNode.start(second)
      let honest = try await TestNode.start(
        TestNode.configuration(1, peers: [TestNode.description(2, at: node.address)]))
      #expect(await eventually { node.isConnected(to: 1) && honest.isConnected(to: 2) })
      return (node, honest)
    }

    private static let hello = FrameDecoderTests.wire(
      Hello(chain: TestNode.chain, instance: 0).bytes)

    private func secured(_ node: TestNode) async throws -> RawPeer {
      let peer = try await RawPeer.secure(port: node.address.port, identity: TestIdentity.all[0])
      #expect(await eventually { peer.received.count > 4 })
      return peer
    }

    private func opened(_ node: TestNode) async throws -> RawPeer {
      let before = node.statistics(of: 0)?.connects ?? 0
      let peer = try await secured(node)
      await peer.write(Self.hello)
      #expect(await eventually { node.statistics(of: 0)?.connects ?? 0 > before })
      return peer
    }

    @Test("H8: a peer that misbehaved is refused when it dials again")
    func paused() async throws {
      let nodes = try await TestNode.cluster(2) { $0.limits.misbehaviourMinimumMilliseconds = 60_000 }
      #expect(await eventually { nodes[1].isConnected(to: 0) })
      nodes[1].network.disconnect(PeerID(0), because: "a forged vote")
      #expect(await eventually { nodes[1].count(of: "peer.paused") > 0 })
      #expect(!nodes[1].isConnected(to: 0))
      await stop(nodes)
    }

    private func checkHonestLink(_ node: TestNode, _ honest: TestNode) async {
      let before = node.recorder.frames(from: 1).count
      #expect(honest.network.send([1, 2, 3], to: PeerID(2)))
      #expect(await eventually { node.recorder.frames(from: 1).count == before + 1 })
      #expect(!node.recorder.disconnects.contains { $0.peer == PeerID(1) })
    }

    @Test("N2: length bombs, empty, oversized and unknown frames close only that link, with the reason")
    func badFrames() async throws {
      let (node, honest) = try await network { $0.frameLimits = FrameLimits(special: [1: 100, 9: 0]) }
      let attacks: [(bytes: [UInt8], fault: LinkFault)] = [
        ([255, 255, 255, 255, 1], .frameTooLong(kind: nil, bytes: 0xFFFF_FFFF, limit: Limits.frameBytes)),
        ([0, 0, 0, 0], .emptyFrame),
        ([101, 0, 0, 0, 1], .frameTooLong(kind: 1, bytes: 101, limit: 100)),
        ([1, 0, 0, 0, 9], .unknownFrameKind(9)),
        (Self.hello, .unknownFrameKind(FrameKind.hello)),
      ]
      for (count, attack) in attacks.enumerated() {
        let peer = try await opened(node)
        // A good frame before the bad one still counts; one after it does not.
        let good = FrameDecoderTests.wire([2, UInt8(count)])
        await peer.write(good + attack.bytes + good)
        #expect(await eventually { peer.isClosed })
        #expect(node.recorder.disconnects.last?.reason == attack.fault)
        #expect(node.statistics(of: 0)?.lastFault == attack.fault)
        #expect(node.recorder.frames(from: 0).count == count + 1)
      }
      await checkHonestLink(node, honest)
      await stop([honest, node])
    }

    @Test("N1: a peer that sends random bytes after its hello costs only its own link", arguments: [1, 2, 3])
    func garbage(seed: UInt64) async throws {
      let (node, honest) = try await network()
      let peer = try await opened(node)
      var generator = SeededGenerator(seed: seed)
      // The first length exceeds every limit; the bytes after it are arbitrary.
      await peer.write((0..<100_000).map { _ in UInt8.random(in: 2...255, using: &generator) })
      #expect(await eventually { peer.isClosed && !node.isConnected(to: 0) })
      #expect(node.count(of: "peer.frame-too-long") == 1)
      await checkHonestLink(node, honest)
      await stop([honest, node])
    }

    @Test("N1: a link that ends in the middle of a frame is reported as cut")
    func truncated() async throws {
      let (node, honest) = try await network()
      let peer = try await opened(node)
      await peer.write([100, 0, 0, 0, 1, 2, 3])
      await peer.close()
      #expect(await eventually { node.recorder.disconnects.last?.reason == .truncatedFrame(bytes: 3, expected: 100) })
      #expect(node.recorder.frames(from: 0).isEmpty)
      await checkHonestLink(node, honest)
      await stop([honest, node])
    }

    @Test("N1: anything but a hello as the first frame ends the connection")
    func badHellos() async throws {
      let (node, honest) = try await network()
      let attacks: [(bytes: [UInt8], code: String)] = [
        (FrameDecoderTests.wire([1, 2, 3]), "peer.unknown-frame-kind"),
        ([255, 255, 0, 0], "peer.frame-too-long"),
        (FrameDecoderTests.wire([FrameKind.hello]), "peer.malformed-hello"),
        (FrameDecoderTests.wire([FrameKind.hello, 1, 0]), "peer.other-protocol"),
        ([0, 0, 0, 0], "peer.empty-frame"),
      ]
      for attack in attacks {
        let peer = try await secured(node)
        await peer.write(attack.bytes)
        #expect(await eventually { peer.isClosed })
        #expect(node.count(of: attack.code) == 1)
        #expect(node.statistics(of: 0)?.lastFault?.code == attack.code)
      }
      #expect(node.recorder.connects == [PeerID(1)])
      await checkHonestLink(node, honest)
      await stop([honest, node])
    }

    @Test("N2: half-open connections end after the handshake time-out, at whatever step they stopped")
    func halfOpen() async throws {
      let (node, honest) = try await network { $0.limits.handshakeMilliseconds = 3_000 }
      let silent = try await RawPeer.connect(port: node.address.port)
      let slow = try await RawPeer.connect(port: node.address.port)
      await slow.write([0x16, 0x03, 0x01, 0x02, 0x00])
      let secured = try await secured(node)
      await secured.write([38, 0])
      #expect(await eventually { silent.isClosed && slow.isClosed && secured.isClosed })
      #expect(node.count(of: "peer.handshake-timed-out") == 3)
      #expect(await eventually { node.network.statistics.pending == 0 })
      await checkHonestLink(node, honest)
      await stop([honest, node])
    }

    @Test("N2: the number of unauthenticated connections is bounded, and they do not keep a peer out")
    func crowd() async throws {
      let (node, honest) = try await network {
        $0.limits.pendingConnections = 4
        $0.limits.handshakeMilliseconds = 60_000
      }
      var crowd: [RawPeer] = []
      for _ in 0..<12 { crowd.append(try await RawPeer.connect(port: node.address.port, from: "127.0.0.2")) }
      #expect(await eventually { node.count(of: "peer.too-many-pending") == 8 })
      #expect(node.network.statistics.pending == 4)
      #expect(await eventually { crowd.filter(\.isClosed).count == 8 })
      let peer = try await opened(node)
      #expect(node.isConnected(to: 0))
      await checkHonestLink(node, honest)
      await peer.close()
      for stranger in crowd { await stranger.close() }
      await stop([honest, node])
    }

    @Test("N2: a flood of strangers does not end the handshake of a known peer, at whatever step it is")
    func flood() async throws {
      let (node, honest) = try await network {
        $0.limits.pendingConnections = 4
        $0.limits.handshakeMilliseconds = 60_000
      }
      let silent = try await RawPeer.connect(port: node.address.port)
      #expect(await eventually { node.network.statistics.pending == 1 })
      let peer = try await secured(node)
      var strangers: [RawPeer] = []
      for _ in 0..<12 { strangers.append(try await RawPeer.connect(port: node.address.port, from: "127.0.0.2")) }
      #expect(await eventually { strangers.filter(\.isClosed).count >= 8 })
      #expect(node.network.statistics.pending == 6)
      #expect(!silent.isClosed && !peer.isClosed)
      await peer.write(Self.hello)
      #expect(await eventually { node.isConnected(to: 0) })
      await checkHonestLink(node, honest)
      for connection in strangers + [silent, peer] { await connection.close() }
      await stop([honest, node])
    }

    @Test("N2: one identity has at most one link and one pending connection, however often it connects")
    func manyConnections() async throws {
      let (node, honest) = try await network { $0.limits.handshakeMilliseconds = 60_000 }
      var peers: [RawPeer] = []
      for _ in 0..<10 { peers.append(try await opened(node)) }
      #expect(await eventually { peers.filter(\.isClosed).count == 9 })
      #expect(peers.last?.isClosed == false)
      #expect(node.statistics(of: 0)?.connects == 10)
      #expect(node.recorder.disconnects.count == 9)
      #expect(node.recorder.disconnects.allSatisfy { $0.reason == .replaced })
      // These complete TLS but send no hello.
      for _ in 0..<10 { peers.append(try await secured(node)) }
      #expect(await eventually { peers.filter(\.isClosed).count == 18 })
      #expect(node.network.statistics.pending == 1)
      #expect(node.isConnected(to: 0))
      for peer in peers { await peer.close() }
      await checkHonestLink(node, honest)
      await stop([honest, node])
    }

    @Test("H14: of a peer that connects again and again few links are taken, and the others keep theirs")
    func churn() async throws {
      let (node, honest) = try await network {
        $0.limits.linkBurst = PeerNetworkLimits().linkBurst
        $0.limits.linkIntervalMilliseconds = 3_600_000
      }
      var refused = 0
      for _ in 0..<40 {
        let before = node.statistics(of: 0)?.connects ?? 0
        guard let peer = try? await RawPeer.secure(port: node.address.port, identity: TestIdentity.all[0]) else {
          refused += 1
          continue
        }
        await peer.write(Self.hello)
        #expect(await eventually { peer.isClosed || node.statistics(of: 0)?.connects ?? 0 > before })
        await peer.close()
        if node.statistics(of: 0)?.connects == before { refused += 1 }
      }
      #expect(refused > 10)
      await checkHonestLink(node, honest)
      await stop([honest, node])
    }

    @Test("N2: a peer that sends nothing at all is disconnected")
    func silence() async throws {
      let (node, honest) = try await network {
        $0.limits.keepAliveMilliseconds = 50
        $0.limits.silenceMilliseconds = 150
      }
      let peer = try await opened(node)
      #expect(await eventually { node.recorder.disconnects.contains { $0.peer == PeerID(0) } })
      let end = node.recorder.disconnects.first { $0.peer == PeerID(0) }
      #expect(end?.reason == .silent(milliseconds: 150))
      #expect(await eventually { peer.isClosed })
      await stop([honest, node])
    }

    @Test("N4: a peer that does not read takes no more than its bound, and the others continue")
    func slowPeer() async throws {
      let (node, honest) = try await network {
        $0.limits.silenceMilliseconds = 120_000
        $0.limits.queueFrames = 1_000
        $0.limits.queueBytes = 2 << 20
        $0.frameLimits = FrameLimits(defaultLimit: 1 << 20)
      }
      let peer = try await opened(node)
      try await peer.setReading(false)
      // 20 MiB: more than the queue and the buffers of both systems hold.
      let frames = 320
      let frame = [UInt8](repeating: 1, count: 64 << 10)
      for round in 0..<frames {
        node.network.broadcast([frame])
        let statistics = try #require(node.statistics(of: 0))
        #expect(statistics.bytesQueued <= 2 << 20 && statistics.framesQueued <= 1_000)
        // Gives the honest peer time to receive its frames.
        if round % 20 == 19 { #expect(await eventually { node.statistics(of: 1)?.framesQueued == 0 }) }
      }
      #expect(await eventually { honest.recorder.frames.count == frames })
      let statistics = try #require(node.statistics(of: 0))
      #expect(statistics.framesDropped > 0)
      #expect(statistics.framesSent + statistics.framesDropped + UInt64(statistics.framesQueued) == UInt64(frames))
      #expect(node.isConnected(to: 0))
      await peer.close()
      #expect(await eventually { node.statistics(of: 0)?.framesQueued == 0 })
      await stop([honest, node])
    }

    @Test("A peer that the replica finds misbehaving loses its link, with the replica's reason")
    func misbehaved() async throws {
      let (node, honest) = try await network()
      let peer = try await opened(node)
      node.network.disconnect(PeerID(0), because: "a forged vote")
      #expect(await eventually { peer.isClosed })
      #expect(node.recorder.disconnects.last?.reason == .misbehaved("a forged vote"))
      await checkHonestLink(node, honest)
      await stop([honest, node])
    }
  }
}
