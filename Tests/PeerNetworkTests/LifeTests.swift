internal import PeerNetwork
internal import Primitives
internal import Testing

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension PeerNetworkTests {
  @Testing.Suite("Life")
  struct Life {
    /// The number of descriptors that the process has open.
    private static func openDescriptors() -> Int {
      (0..<4_096 as Range<Int32>).count { fcntl($0, F_GETFD) != -1 }
    }

    @Test("A stopped network leaves no descriptor open")
    func noLeaks() async throws {
      // Opens the event loops that the raw peers share, which happens only once.
      let first = try await TestNode.start(TestNode.configuration(1, peers: []))
      let warm = try await RawPeer.connect(port: first.address.port)
      await warm.close()
      await stop([first])
      let before = Self.openDescriptors()
      let rounds = 30
      for _ in 0..<rounds {
        let nodes = try await TestNode.cluster(3)
        #expect(await eventually { nodes.allSatisfy { $0.recorder.connects.count == 2 } })
        let stranger = try await RawPeer.connect(port: nodes[2].address.port)
        await stop(nodes)
        #expect(await eventually { stranger.isClosed })
      }
      // Other tests in this process have descriptors open too, but not several for each round.
      #expect(await eventually { Self.openDescriptors() < before + rounds })
    }

    @Test("Either side may restart: the link is restored, and frames sent meanwhile are dropped and counted")
    func restarts() async throws {
      var listener = try await TestNode.start(TestNode.configuration(1, peers: [TestNode.description(0)]))
      let address = listener.address
      let diallerPeers = [TestNode.description(1, at: address)]
      var dialler = try await TestNode.start(TestNode.configuration(0, peers: diallerPeers))
      #expect(await eventually { dialler.isConnected(to: 1) && listener.isConnected(to: 0) })

      await stop([listener])
      #expect(await eventually { !dialler.isConnected(to: 1) })
      #expect(!dialler.network.send([1], to: PeerID(1)))
      #expect(await eventually { dialler.count(of: "peer.unreachable") > 1 })
      listener = try await TestNode.start(
        TestNode.configuration(1, port: address.port, peers: [TestNode.description(0)]))
      #expect(await eventually { dialler.isConnected(to: 1) && listener.isConnected(to: 0) })
      #expect(await eventually { dialler.recorder.connects.count == 2 })
      #expect(dialler.recorder.disconnects.map(\.reason) == [.closedByPeer])
      #expect(dialler.statistics(of: 1)?.reconnects == 1)
      #expect(dialler.statistics(of: 1)?.framesDropped == 1)
      #expect(dialler.network.send([2], to: PeerID(1)))
      #expect(await eventually { listener.recorder.frames(from: 0) == [[2]] })

      await stop([dialler])
      #expect(await eventually { !listener.isConnected(to: 0) })
      dialler = try await TestNode.start(TestNode.configuration(0, peers: diallerPeers))
      #expect(await eventually { listener.recorder.connects.count == 2 })
      #expect(listener.network.send([3], to: PeerID(0)))
      #expect(await eventually { dialler.recorder.frames(from: 1) == [[3]] })
      await stop([dialler, listener])
    }

    @Test("N4: while the replica is full nothing more is read, and nothing is lost")
    func backPressure() async throws {
      let nodes = try await TestNode.cluster(2)
      #expect(await eventually { nodes[0].isConnected(to: 1) && nodes[1].isConnected(to: 0) })
      nodes[1].recorder.setRoom(false, for: 0)
      let frame = [UInt8](repeating: 1, count: 32 << 10)
      for _ in 0..<1_000 { #expect(nodes[0].network.send(frame, to: PeerID(1))) }
      // 32 MiB are more than the socket buffers of both sides hold.
      try await Task.sleep(for: .milliseconds(300))
      #expect(nodes[1].recorder.frames.count < 200)
      #expect(try #require(nodes[0].statistics(of: 1)).framesQueued > 0)
      nodes[1].recorder.setRoom(true, for: 0)
      nodes[1].network.resumeReading()
      #expect(await eventually { nodes[1].recorder.frames.count == 1_000 })
      await stop(nodes)
    }

    @Test("A network can be started once, and stopped any number of times")
    func startsOnce() async throws {
      let node = try await TestNode.start(TestNode.configuration(1, peers: []))
      await #expect(throws: PeerNetworkError.alreadyStarted) { try await node.network.start() }
      await node.network.stop()
      await node.network.stop()
      #expect(!node.network.send([1], to: PeerID(0)))
    }

    @Test("A port in use is refused with its address")
    func portInUse() async throws {
      let node = try await TestNode.start(TestNode.configuration(1, peers: []))
      let second = try PeerNetwork(
        TestNode.configuration(2, port: node.address.port, peers: []), handler: Recorder())
      let error = await #expect(throws: PeerNetworkError.self) { try await second.start() }
      #expect(error?.code == "peer-network.cannot-listen")
      #expect(error?.explanation.contains("\(node.address.port)") == true)
      await stop([node])
    }

    @Test("A configuration that cannot work is refused before anything is opened")
    func configurations() throws {
      func error(_ change: (inout PeerNetworkConfiguration) -> Void) -> String? {
        var configuration = TestNode.configuration(1, peers: [TestNode.description(0), TestNode.description(2)])
        change(&configuration)
        do throws(PeerNetworkError) {
          _ = try PeerNetwork(configuration, handler: Recorder())
          return nil
        } catch { return error.code }
      }
      #expect(error { _ in } == nil)
      #expect(error { $0.peers.append(TestNode.description(1)) } == "peer-network.duplicate-pin")
      #expect(error { $0.peers.append(TestNode.description(2, identity: 4)) } == "peer-network.duplicate-index")
      #expect(error { $0.peers.append(TestNode.description(3, identity: 2)) } == "peer-network.duplicate-pin")
      #expect(error { $0.peers.append(TestNode.description(3, identity: 1)) } == "peer-network.duplicate-pin")
      #expect(error { $0.peers[0].pins += $0.peers[0].pins } == "peer-network.duplicate-pin")
      #expect(error { $0.peers[0].pins = [] } == "peer-network.bad-pin-count")
      #expect(error { $0.peers[0].pins += [3, 4].map { TestIdentity.all[$0].pin } } == "peer-network.bad-pin-count")
      #expect(error { $0.peers[0].addresses = [] } == "peer-network.bad-address-count")
      #expect(
        error { $0.peers[0].addresses = Array(repeating: $0.listen, count: 5) } == "peer-network.bad-address-count")
      #expect(error { $0.certificatePEM = [1, 2, 3] } == "peer-network.bad-certificate")
      #expect(error { $0.privateKeyPEM = [1, 2, 3] } == "peer-network.bad-private-key")
      #expect(error { $0.privateKeyPEM = TestIdentity.all[2].privateKeyPEM } == "peer-network.bad-private-key")
      #expect(error { $0.limits.queueBytes = 1 } == "peer-network.bad-limits")
      #expect(error { $0.limits.silenceMilliseconds = 1 } == "peer-network.bad-limits")
    }
  }
}
