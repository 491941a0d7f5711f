internal import NIOSSL
internal import PeerNetwork
internal import Primitives
internal import Testing

extension PeerNetworkTests {
  @Testing.Suite("Who may connect")
  struct Authentication {
    /// Node 0 dials node 1. The closures change their configurations so that they disagree.
    private func pair(
      dialler: (inout PeerNetworkConfiguration) -> Void = { _ in },
      listener: (inout PeerNetworkConfiguration) -> Void = { _ in }
    ) async throws -> (dialler: TestNode, listener: TestNode) {
      var second = TestNode.configuration(1, peers: [TestNode.description(0)])
      listener(&second)
      let listening = try await TestNode.start(second)
      var first = TestNode.configuration(0, peers: [TestNode.description(1, at: listening.address)])
      dialler(&first)
      return (try await TestNode.start(first), listening)
    }

    @Test("N5: a dialler with an unknown key is refused, and both sides report why")
    func unknownKey() async throws {
      let (dialler, listener) = try await pair(dialler: {
        $0.certificatePEM = TestIdentity.all[3].certificatePEM
        $0.privateKeyPEM = TestIdentity.all[3].privateKeyPEM
      })
      #expect(await eventually { listener.network.statistics.lastStrangerFault != nil })
      #expect(listener.network.statistics.lastStrangerFault == .unknownKey(pin: TestIdentity.all[3].pin))
      #expect(await eventually { dialler.count(of: "peer.own-key-refused") > 0 })
      #expect(dialler.statistics(of: 1)?.lastErrorText?.contains(TestIdentity.all[3].pin.description) == true)
      #expect(listener.recorder.connects.isEmpty)
      #expect(dialler.recorder.connects.isEmpty)
      await stop([dialler, listener])
    }

    @Test("N5: a listener with a key other than the pinned one is refused, and both sides report why")
    func wrongKey() async throws {
      let (dialler, listener) = try await pair(dialler: { $0.peers[0].pins = [TestIdentity.all[4].pin] })
      #expect(await eventually { dialler.count(of: "peer.wrong-key") > 0 })
      #expect(
        dialler.statistics(of: 1)?.lastFault
          == .wrongKey(pin: TestIdentity.all[1].pin, expected: [TestIdentity.all[4].pin]))
      #expect(await eventually { listener.count(of: "peer.own-key-refused") > 0 })
      #expect(dialler.recorder.connects.isEmpty)
      await stop([dialler, listener])
    }

    @Test("E6: a node of another chain or suite is refused, and both sides report both values")
    func otherChain() async throws {
      var pairs = [try await pair(dialler: { $0.chain.genesis = Digest(9, 9, 9, 9) })]
      #expect(await eventually { pairs[0].listener.count(of: "peer.other-chain") > 0 })
      #expect(await eventually { pairs[0].dialler.count(of: "peer.other-chain") > 0 })
      let ours = TestNode.chain.genesis
      #expect(
        pairs[0].listener.statistics(of: 0)?.lastFault == .otherChain(genesis: Digest(9, 9, 9, 9), own: ours))
      #expect(pairs[0].dialler.statistics(of: 1)?.lastFault == .otherChain(genesis: ours, own: Digest(9, 9, 9, 9)))

      pairs.append(try await pair(listener: { $0.chain.suite = .ed25519SHA256 }))
      #expect(await eventually { pairs[1].listener.count(of: "peer.other-suite") > 0 })
      #expect(await eventually { pairs[1].dialler.count(of: "peer.other-suite") > 0 })
      for (dialler, listener) in pairs {
        #expect(dialler.recorder.connects.isEmpty && listener.recorder.connects.isEmpty)
        await stop([dialler, listener])
      }
    }

    @Test("C9: two processes with one key are named by whom both link to, and both are told")
    func twoProcesses() async throws {
      let peer = try await TestNode.start(
        TestNode.configuration(1, peers: [TestNode.description(0)]))
      var twins: [TestNode] = []
      for instance in [10, 11] as [UInt64] {
        var configuration = TestNode.configuration(0, peers: [TestNode.description(1, at: peer.address)])
        configuration.instance = instance
        twins.append(try await TestNode.start(configuration))
      }
      #expect(await eventually { !peer.recorder.foundTwice.isEmpty })
      #expect(peer.recorder.foundTwice.allSatisfy { $0 == PeerID(0) })
      #expect(await eventually { twins.allSatisfy { $0.recorder.foundTwiceBy.contains(PeerID(1)) } })
      await stop(twins + [peer])
    }

    @Test("C9: a process that is restarted again and again is never taken for two")
    func restarts() async throws {
      let peer = try await TestNode.start(
        TestNode.configuration(1, peers: [TestNode.description(0)]))
      for instance in 10..<22 as Range<UInt64> {
        let before = peer.statistics(of: 0)?.connects ?? 0
        var configuration = TestNode.configuration(0, peers: [TestNode.description(1, at: peer.address)])
        configuration.instance = instance
        let node = try await TestNode.start(configuration)
        #expect(await eventually { peer.statistics(of: 0)?.connects ?? 0 > before })
        #expect(node.recorder.foundTwiceBy.isEmpty)
        await stop([node])
      }
      #expect(peer.recorder.foundTwice.isEmpty)
      await stop([peer])
    }

    @Test("N5: a stranger without a certificate, with TLS 1.2, or without TLS is refused with the reason")
    func strangers() async throws {
      let node = try await TestNode.start(TestNode.configuration(1, peers: [TestNode.description(0)]))
      let port = node.address.port
      let identity = TestIdentity.all[0]

      let bare = try await RawPeer.secure(port: port, identity: nil)
      #expect(await eventually { bare.isClosed })
      #expect(bare.errors.contains { $0.contains("CERTIFICATE_REQUIRED") })
      #expect(
        await eventually {
          node.network.statistics.lastStrangerFault?.explanation.contains("sent no certificate") == true
        })

      let old = try await RawPeer.secure(port: port, identity: identity, version: .tlsv12)
      #expect(await eventually { old.isClosed })
      #expect(old.errors.contains { $0.contains("PROTOCOL_VERSION") })
      #expect(await eventually { node.network.statistics.lastStrangerFault?.explanation.contains("TLS 1.3") == true })

      for text in ["GET / HTTP/1.1\r\n\r\n", String(repeating: "x", count: 1_000), "\u{16}\u{03}\u{01}"] {
        let plain = try await RawPeer.connect(port: port)
        await plain.write(Array(text.utf8))
        await plain.close()
      }
      #expect(await eventually { node.count(of: "peer.tls-failed") == 5 })

      // Despite all this, a peer with the right key is accepted.
      let peer = try await RawPeer.secure(port: port, identity: identity)
      #expect(await eventually { peer.received.count > 4 })
      #expect(node.recorder.connects.isEmpty)
      await peer.close()
      await stop([node])
    }

    @Test("C9: a node that meets its own key elsewhere reports it")
    func ownKeyElsewhere() async throws {
      let node = try await TestNode.start(TestNode.configuration(1, peers: [TestNode.description(0)]))
      let twin = try await RawPeer.secure(port: node.address.port, identity: TestIdentity.all[1])
      #expect(await eventually { twin.isClosed })
      #expect(
        await eventually { node.network.statistics.lastStrangerFault == .ownKeyElsewhere(pin: TestIdentity.all[1].pin) }
      )
      await stop([node])
    }
  }
}
