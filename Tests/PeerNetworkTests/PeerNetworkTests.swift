internal import PeerNetwork
internal import Primitives
internal import Testing

/// Tests over loopback. They run in sequence because some of them count the process's descriptors.
@Testing.Suite("Peer network", .serialized)
struct PeerNetworkTests {
  @Test("Frames arrive in order and whole, in both directions, small and large")
  func inOrderAndWhole() async throws {
    let nodes = try await TestNode.cluster(2)
    #expect(await eventually { nodes[0].isConnected(to: 1) && nodes[1].isConnected(to: 0) })
    // Sizes around the TLS record, the write window and the largest frame.
    let sizes = [1, 2, 5, 100, 16_383, 16_384, 16_385, 262_139, 262_140, 262_144, 3_000_000, Limits.frameBytes]
    // A pattern that reveals missing, duplicated or misplaced parts.
    let frames = sizes.enumerated().map { index, size in
      var frame = [UInt8](repeating: UInt8(index), count: size)
      for place in stride(from: 0, to: size, by: 1_009) {
        frame[place] = UInt8(truncatingIfNeeded: place / 1_009) & 0x7F
      }
      return frame
    }
    for frame in frames { #expect(nodes[0].network.send(frame, to: PeerID(1))) }
    #expect(nodes[1].network.send(frames, to: PeerID(0)) == frames.count)
    #expect(await eventually { nodes[1].recorder.frames.count == sizes.count })
    #expect(await eventually { nodes[0].recorder.frames.count == sizes.count })
    #expect(nodes[1].recorder.frames(from: 0) == frames)
    #expect(nodes[0].recorder.frames(from: 1) == frames)

    #expect(await eventually { nodes[0].statistics(of: 1)?.framesQueued == 0 })
    let statistics = try #require(nodes[0].statistics(of: 1))
    #expect(statistics.framesSent == UInt64(sizes.count))
    #expect(statistics.bytesSent == UInt64(sizes.reduce(0, +)))
    #expect(statistics.framesReceived == UInt64(sizes.count))
    #expect((statistics.bytesQueued, statistics.framesDropped, statistics.reconnects) == (0, 0, 0))
    await stop(nodes)
  }

  @Test("Every node of four hears every broadcast, sent from many threads at once")
  func broadcasts() async throws {
    let nodes = try await TestNode.cluster(4)
    #expect(
      await eventually {
        nodes.indices.allSatisfy { i in
          nodes.indices.allSatisfy { $0 == i || nodes[i].isConnected(to: $0) }
        }
      })
    await withTaskGroup { group in
      for node in nodes {
        for sender: UInt8 in 0..<2 {
          group.addTask {
            for number: UInt8 in 0..<100 { node.network.broadcast([[sender, number], [sender, number, 0]]) }
          }
        }
      }
    }
    for (receiver, node) in nodes.enumerated() {
      #expect(await eventually { node.recorder.frames.count == 3 * 2 * 200 })
      for peer in nodes.indices where peer != receiver {
        for sender: UInt8 in 0..<2 {
          let frames = node.recorder.frames(from: peer).filter { $0[0] == sender }
          #expect(frames == (0..<100 as Range<UInt8>).flatMap { [[sender, $0], [sender, $0, 0]] })
        }
      }
      #expect(node.recorder.connects.count == 3)
    }
    await stop(nodes)
  }

  @Test("More than one event loop serves the same network")
  func twoLoops() async throws {
    let nodes = try await TestNode.cluster(3) { $0.threads = 2 }
    #expect(await eventually { nodes.allSatisfy { $0.recorder.connects.count == 2 } })
    for number: UInt8 in 0..<200 { nodes[1].network.broadcast([[number]]) }
    for receiver in [0, 2] {
      #expect(await eventually { nodes[receiver].recorder.frames.count == 200 })
      #expect(nodes[receiver].recorder.frames(from: 1) == (0..<200 as Range<UInt8>).map { [$0] })
    }
    await stop(nodes)
  }

  @Test("A frame that no peer would accept is not sent: empty, too long, or of a kind of the link itself")
  func unsendable() async throws {
    let nodes = try await TestNode.cluster(2) { $0.frameLimits = FrameLimits(special: [1: 10]) }
    #expect(await eventually { nodes[0].isConnected(to: 1) })
    let bad: [[UInt8]] = [[], Array(repeating: 1, count: 11), [FrameKind.firstReserved], [255]]
    for frame in bad { #expect(!nodes[0].network.send(frame, to: PeerID(1))) }
    nodes[0].network.broadcast([[2, 2], []])
    #expect(await eventually { nodes[1].recorder.frames.count == 1 })
    #expect(nodes[1].recorder.frames(from: 0) == [[2, 2]])
    #expect(nodes[0].statistics(of: 1)?.framesDropped == UInt64(bad.count) + 1)
    #expect(!nodes[0].network.send([1], to: PeerID(0)), "to itself")
    #expect(!nodes[0].network.send([1], to: PeerID(.max)), "to nobody")
    #expect(nodes[1].recorder.disconnects.isEmpty)
    await stop(nodes)
  }

  @Test("A link stays open while it is idle, because both sides send keep-alives")
  func keepAlive() async throws {
    let nodes = try await TestNode.cluster(2) {
      $0.limits.keepAliveMilliseconds = 50
      $0.limits.silenceMilliseconds = 2_000
    }
    #expect(await eventually { nodes[0].isConnected(to: 1) })
    try await Task.sleep(for: .milliseconds(3_000))
    #expect(nodes[0].recorder.disconnects.isEmpty)
    #expect(nodes[1].recorder.disconnects.isEmpty)
    #expect(nodes[1].recorder.frames.isEmpty)
    await stop(nodes)
  }
}
