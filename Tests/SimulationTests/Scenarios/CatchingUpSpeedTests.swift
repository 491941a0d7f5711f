import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("How long catching up takes, in the cluster's own time")
struct CatchingUpSpeedTests {
  private static let heights = 900

  /// Microseconds that node 0 needs for a chain that it missed, if some of its peers do not answer.
  private func time(silent: Set<Int>) -> UInt64? {
    let harness = SimulationHarness(validators: 4) { $0.quality = .wide }
    harness.kill(0)
    guard harness.grow(Self.heights, by: 1) else { return nil }
    harness.connect { from, to in to != 0 || !silent.contains(from) }
    let start = harness.cluster.now
    harness.cluster.start(harness.cluster.nodes[0])
    guard harness.run(atMost: 60_000_000, until: { harness.height(0) >= UInt64(Self.heights) }) else { return nil }
    #expect(harness.violation == nil)
    return harness.cluster.now.microseconds(since: start)
  }

  @Test("H2: with one silent peer a node catches up at nine tenths of its usual rate at least")
  func oneSilentPeer() throws {
    let usual = try #require(time(silent: []))
    for peer in 1...3 {
      let slowed = try #require(time(silent: [peer]))
      print("catching up with \(Self.heights) blocks: \(usual) us, with peer \(peer) silent: \(slowed) us")
      #expect(usual * 10 >= slowed * 9)
    }
  }
}
