import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Floods of frames that are of no use")
struct FloodTests {
  @Test("H14: a validator that floods the others is read more slowly, and the chain keeps its rate")
  func flood() throws {
    func time(flooding: Bool) -> (microseconds: UInt64, pauses: Int)? {
      let harness = SimulationHarness(validators: 4) {
        $0.quality = .building
        $0.traitors = 1
        $0.traitorKind = flooding ? .flood : .withhold
        $0.floodFrames = 60
      }
      if !flooding { harness.kill(3) }
      let start = harness.cluster.now
      guard harness.grow(30, by: 1) else { return nil }
      #expect(harness.violation == nil)
      return (
        harness.cluster.now.microseconds(since: start),
        harness.cluster.report.counts["read more slowly", default: 0]
      )
    }
    let dead = try #require(time(flooding: false))
    let flooded = try #require(time(flooding: true))
    #expect(flooded.pauses > 0)
    #expect(flooded.microseconds < 2 * dead.microseconds)
  }
}
