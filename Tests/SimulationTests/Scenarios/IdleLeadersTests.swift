import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("What leaders can waste that keep their links and do not propose, in the cluster's own time")
struct IdleLeadersTests {
  private static let heights = 400

  /// Microseconds for a chain of so many blocks, one transaction each, with f traitors that are idle, or dead.
  private func time(validators: Int, idle: Bool) -> UInt64? {
    let faults = (validators - 1) / 3
    let harness = SimulationHarness(validators: validators) {
      $0.quality = .building
      $0.traitors = idle ? faults : 0
      $0.traitorKind = .idleLeader
    }
    if !idle { for node in validators - faults..<validators { harness.kill(node) } }
    guard harness.grow(40, by: 1) else { return nil }
    let start = harness.cluster.now
    guard harness.grow(Self.heights, by: 1) else { return nil }
    #expect(harness.violation == nil)
    return harness.cluster.now.microseconds(since: start)
  }

  @Test("H12: with f of them the chain keeps more than half of the rate that it has without", arguments: [4, 7])
  func waste(validators: Int) throws {
    let dead = try #require(time(validators: validators, idle: false))
    let idle = try #require(time(validators: validators, idle: true))
    print("\(Self.heights) blocks of \(validators) validators: \(dead) us with f dead, \(idle) us with f idle")
    #expect(idle < 2 * dead)
  }
}
