internal import PeerNetwork
internal import Primitives
internal import Testing

extension PeerNetworkTests {
  @Testing.Suite("Peers that come and go")
  struct Updates {
    /// Node 0, which dials node 1, and node 1. They are linked.
    private func pair(
      _ change: (inout PeerNetworkConfiguration) -> Void = { _ in }
    ) async throws -> (dialler: TestNode, listener: TestNode) {
      let nodes = try await TestNode.cluster(2, change)
      #expect(await eventually { nodes[0].isConnected(to: 1) && nodes[1].isConnected(to: 0) })
      return (nodes[0], nodes[1])
    }

    private func dialled(_ index: Int, identity: Int? = nil, at addresses: PeerAddress...) -> PeerDescription {
      var peer = TestNode.description(index, identity: identity)
      peer.addresses = addresses
      peer.isDialled = true
      return peer
    }

    /// Sends `count` frames from either node to the other, each when the one before it has arrived. A frame is repeated,
    /// because it is lost if its link ends.
    private func exchange(_ count: Int, _ first: TestNode, _ second: TestNode) async {
      for _ in 0..<count {
        for (sender, receiver, from, to) in [(first, second, 0, 1), (second, first, 1, 0)] {
          let before = receiver.recorder.frames(from: from).count
          #expect(
            await eventually {
              sender.network.send([1], to: PeerID(UInt16(to)))
              return receiver.recorder.frames(from: from).count > before
            })
        }
      }
    }

    @Test("A peer that is added is dialled, or taken when it dials; ids may have gaps")
    func added() async throws {
      let listener = try await TestNode.start(TestNode.configuration(1, peers: []))
      let dialler = try await TestNode.start(TestNode.configuration(0, peers: []))
      var peer = dialled(1, at: listener.address)
      peer.id = PeerID(700)
      try dialler.network.update([peer])
      #expect(await eventually { listener.network.statistics.lastStrangerFault != nil })
      #expect(listener.network.statistics.lastStrangerFault == .unknownKey(pin: TestIdentity.all[0].pin))
      try listener.network.update([TestNode.description(0), TestNode.description(3)])
      #expect(await eventually { dialler.isConnected(to: 700) && listener.isConnected(to: 0) })
      #expect(dialler.network.send([1], to: PeerID(700)))
      #expect(await eventually { listener.recorder.frames(from: 0) == [[1]] })
      #expect(listener.network.send([2], to: PeerID(0)))
      #expect(await eventually { dialler.recorder.frames(from: 700) == [[2]] })
      #expect(listener.network.statistics.peers.map(\.id) == [PeerID(0), PeerID(3)])
      await stop([dialler, listener])
    }

    @Test("A peer that is dropped loses its link and what waits for it, and is a stranger afterwards")
    func dropped() async throws {
      let (dialler, listener) = try await pair()
      try listener.network.update([])
      #expect(!listener.network.send([1], to: PeerID(0)))
      #expect(listener.network.statistics.peers.isEmpty)
      #expect(await eventually { listener.recorder.disconnects.map(\.reason) == [.removed] })
      #expect(await eventually { dialler.recorder.disconnects.map(\.reason) == [.closedByPeer] })
      #expect(
        await eventually {
          listener.network.statistics.lastStrangerFault == .unknownKey(pin: TestIdentity.all[0].pin)
        })
      #expect(listener.recorder.connects == [PeerID(0)])
      await stop([dialler, listener])
    }

    @Test("A dialler that drops a peer ends the link, and makes a new one when the peer is listed again")
    func droppedByDialler() async throws {
      let (dialler, listener) = try await pair()
      try dialler.network.update([])
      #expect(await eventually { dialler.recorder.disconnects.map(\.reason) == [.removed] })
      #expect(await eventually { listener.recorder.disconnects.map(\.reason) == [.closedByPeer] })
      try dialler.network.update([dialled(1, at: listener.address)])
      #expect(await eventually { dialler.isConnected(to: 1) && listener.isConnected(to: 0) })
      #expect(dialler.recorder.connects == [PeerID(1), PeerID(1)])
      #expect(dialler.statistics(of: 1)?.connects == 1)
      await stop([dialler, listener])
    }

    @Test("A peer of the same id with another name is another peer")
    func renamed() async throws {
      let (dialler, listener) = try await pair()
      var peer = TestNode.description(0)
      peer.name = "successor"
      try listener.network.update([peer])
      #expect(await eventually { listener.recorder.disconnects.map(\.reason) == [.removed] })
      #expect(await eventually { listener.isConnected(to: 0) })
      #expect(listener.statistics(of: 0)?.name == "successor")
      await stop([dialler, listener])
    }

    @Test("A list that is refused changes nothing")
    func refused() async throws {
      let (dialler, listener) = try await pair()
      #expect(throws: PeerNetworkError.duplicateID(PeerID(3))) {
        try listener.network.update([TestNode.description(3), TestNode.description(3, identity: 4)])
      }
      #expect(throws: PeerNetworkError.duplicatePin(TestIdentity.all[4].pin)) {
        try listener.network.update([TestNode.description(3, identity: 4), TestNode.description(4)])
      }
      #expect(throws: PeerNetworkError.duplicatePin(TestIdentity.all[1].pin)) {
        try listener.network.update([TestNode.description(1)])
      }
      await exchange(1, dialler, listener)
      #expect(listener.network.statistics.peers.map(\.id) == [PeerID(0)])
      #expect(listener.recorder.disconnects.isEmpty)
      await stop([dialler, listener])
    }

    @Test("A key is changed in two steps: the link stays until the old one goes, and a node with the new one is linked")
    func keyChange() async throws {
      let (dialler, listener) = try await pair()
      var peer = dialled(1, at: listener.address)
      peer.pins += [TestIdentity.all[4].pin]
      try dialler.network.update([peer])
      await exchange(2, dialler, listener)
      #expect(dialler.recorder.disconnects.isEmpty)
      peer.pins.removeFirst()
      try dialler.network.update([peer])
      let old = TestIdentity.all[1].pin
      #expect(await eventually { dialler.recorder.disconnects.map(\.reason) == [.keyRemoved(pin: old)] })
      #expect(await eventually { dialler.count(of: "peer.wrong-key") > 0 })
      await stop([listener])
      let successor = try await TestNode.start(
        TestNode.configuration(1, identity: 4, port: listener.address.port, peers: [TestNode.description(0)]))
      #expect(await eventually { dialler.isConnected(to: 1) && successor.isConnected(to: 0) })
      await stop([dialler, successor])
    }

    @Test("A dialling peer is known by either of its two keys, until one goes")
    func diallerKeyChange() async throws {
      let (dialler, listener) = try await pair()
      await stop([dialler])
      var peer = TestNode.description(0)
      peer.pins += [TestIdentity.all[4].pin]
      try listener.network.update([peer])
      let successor = try await TestNode.start(
        TestNode.configuration(0, identity: 4, peers: [TestNode.description(1, at: listener.address)]))
      #expect(await eventually { listener.isConnected(to: 0) && successor.isConnected(to: 1) })
      try listener.network.update([TestNode.description(0)])
      #expect(
        await eventually { listener.recorder.disconnects.last?.reason == .keyRemoved(pin: TestIdentity.all[4].pin) })
      #expect(
        await eventually {
          listener.network.statistics.lastStrangerFault == .unknownKey(pin: TestIdentity.all[4].pin)
        })
      await stop([successor, listener])
    }

    @Test("If the first address does not answer, the next is dialled; new addresses count from the next dial")
    func addresses() async throws {
      let listener = try await TestNode.start(TestNode.configuration(1, peers: [TestNode.description(0)]))
      let nowhere = PeerAddress(host: "127.0.0.1", port: 1)
      var configuration = TestNode.configuration(0, peers: [])
      configuration.peers = [dialled(1, at: nowhere, listener.address)]
      let dialler = try await TestNode.start(configuration)
      #expect(await eventually { dialler.isConnected(to: 1) && listener.isConnected(to: 0) })
      #expect(dialler.count(of: "peer.unreachable") == 1)
      try dialler.network.update([dialled(1, at: nowhere)])
      await exchange(1, dialler, listener)
      #expect(dialler.recorder.disconnects.isEmpty)
      await stop([listener])
      #expect(await eventually { dialler.count(of: "peer.unreachable") > 2 })
      let successor = try await TestNode.start(TestNode.configuration(1, peers: [TestNode.description(0)]))
      try dialler.network.update([dialled(1, at: nowhere, nowhere, successor.address)])
      #expect(await eventually { dialler.isConnected(to: 1) && successor.isConnected(to: 0) })
      await stop([dialler, successor])
    }

    @Test("A dialler that ends leaves its link open, and one that begins again restores it")
    func dialling() async throws {
      let (dialler, listener) = try await pair()
      var peer = dialled(1, at: listener.address)
      peer.isDialled = false
      try dialler.network.update([peer])
      await exchange(1, dialler, listener)
      #expect(dialler.recorder.disconnects.isEmpty)
      await stop([listener])
      let successor = try await TestNode.start(
        TestNode.configuration(1, port: listener.address.port, peers: [TestNode.description(0)]))
      #expect(await eventually { !dialler.isConnected(to: 1) })
      peer.isDialled = true
      try dialler.network.update([peer])
      #expect(await eventually { dialler.isConnected(to: 1) && successor.isConnected(to: 0) })
      await stop([dialler, successor])
    }

    @Test("A peer that is to dial this node is dialled if it does not for long, as one that knows only an old address")
    func patience() async throws {
      let listener = try await TestNode.start(TestNode.configuration(1, peers: [TestNode.description(0)]))
      var peer = dialled(1, at: listener.address)
      peer.isDialled = false
      var configuration = TestNode.configuration(0, peers: [peer])
      configuration.limits.patienceMilliseconds = 20
      let patient = try await TestNode.start(configuration)
      #expect(await eventually { patient.isConnected(to: 1) && listener.isConnected(to: 0) })
      await exchange(1, patient, listener)
      await stop([patient, listener])
    }

    @Test("A node that starts again has its links before the others end the long pauses between their dials")
    func restart() async throws {
      let before = try await TestNode.start(TestNode.configuration(1, peers: []))
      await stop([before])
      var pauses = TestNode.configuration(0, peers: [dialled(1, at: before.address)])
      pauses.limits.backoffMinimumMilliseconds = 3_600_000
      pauses.limits.backoffMaximumMilliseconds = 3_600_000
      let pausing = try await TestNode.start(pauses)
      #expect(await eventually { pausing.count(of: "peer.unreachable") == 1 })
      var peer = dialled(0, at: pausing.address)
      peer.isDialled = false
      var starts = TestNode.configuration(1, port: before.address.port, peers: [peer])
      starts.limits.firstPatienceMilliseconds = 20
      let restarted = try await TestNode.start(starts)
      #expect(await eventually { restarted.isConnected(to: 0) && pausing.isConnected(to: 1) })
      await exchange(1, pausing, restarted)
      await stop([pausing, restarted])
    }

    @Test("C9: two nodes that dial each other settle on one link that stays, and do not look like two processes")
    func bothDial() async throws {
      let first = try await TestNode.start(TestNode.configuration(0, peers: []))
      let second = try await TestNode.start(TestNode.configuration(1, peers: []))
      for round in 0..<6 {
        await withTaskGroup { group in
          for (node, peer) in [(first, dialled(1, at: second.address)), (second, dialled(0, at: first.address))] {
            group.addTask { #expect(throws: Never.self) { try node.network.update([peer]) } }
          }
        }
        // Whatever was being dialled when the first frame arrives needs fewer turns of the event loops than these frames,
        // and afterwards nothing is dialled.
        await exchange(20, first, second)
        let before = [first, second].map { $0.recorder.connects.count }
        await exchange(5, first, second)
        #expect([first, second].map { $0.recorder.connects.count } == before)
        #expect(first.isConnected(to: 1) && second.isConnected(to: 0), "round \(round)")
        try first.network.update([])
        try second.network.update([])
        #expect(
          await eventually {
            [first, second].allSatisfy { $0.recorder.disconnects.count == $0.recorder.connects.count }
          })
      }
      #expect(first.recorder.foundTwice.isEmpty && second.recorder.foundTwice.isEmpty)
      await stop([first, second])
    }

    @Test("H8: a peer that is dropped and listed again finds its pause as it was")
    func pauseStays() async throws {
      let (dialler, listener) = try await pair { $0.limits.misbehaviourMinimumMilliseconds = 60_000 }
      listener.network.disconnect(PeerID(0), because: "a forged vote")
      try listener.network.update([])
      try listener.network.update([TestNode.description(0)])
      let before = listener.count(of: "peer.paused")
      #expect(await eventually { listener.count(of: "peer.paused") > before })
      #expect(!listener.isConnected(to: 0))
      await stop([dialler, listener])
    }

    @Test("A list may change before the start, during the start and the stop, and has no effect afterwards")
    func anyTime() async throws {
      let listener = try await TestNode.start(TestNode.configuration(1, peers: [TestNode.description(0)]))
      let peer = dialled(1, at: listener.address)
      let lists = [[peer], [], [peer, TestNode.description(2)]]
      for _ in 0..<8 {
        let network = try PeerNetwork(TestNode.configuration(0, peers: []), handler: Recorder())
        try network.update(lists[0])
        await withTaskGroup { group in
          for _ in 0..<2 {
            group.addTask {
              for place in 0..<60 { #expect(throws: Never.self) { try network.update(lists[place % lists.count]) } }
            }
          }
          group.addTask {
            await #expect(throws: Never.self) { try await network.start() }
            await network.stop()
          }
        }
        let peers = network.statistics.peers.map(\.id)
        try network.update([TestNode.description(3)])
        #expect(network.statistics.peers.map(\.id) == peers)
        #expect(throws: PeerNetworkError.self) { try network.update(lists[0] + lists[0]) }
      }
      #expect(await eventually { !listener.isConnected(to: 0) })
      await stop([listener])
    }
  }
}
