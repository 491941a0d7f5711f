import BlockLog
import Primitives
import Testing

@testable import Simulation

@Testing.Suite("Disks that lose what they had synced")
struct LostBatchesTests {
  /// Lets the last nodes lose the batch that their disks synced last, all at once, and the chain go on. Returns the
  /// broken promise, if there is one.
  private func lose(on count: Int, seed: UInt64, after step: UInt64) -> String? {
    let harness = SimulationHarness(validators: 4, seed: seed) { $0.syncDelay = 200...200 }
    #expect(harness.grow(2))
    harness.submit(to: 0)
    harness.run(step * 100)
    let losers = harness.cluster.nodes.suffix(count)
    let before = losers.map { $0.disk.copy() }
    let syncs = losers.map(\.disk.syncs)
    _ = harness.run(atMost: 1_000_000) { zip(losers, syncs).allSatisfy { $0.disk.syncs > $1 } }
    var generator = SeededGenerator(seed: seed)
    for (node, disk) in zip(losers, before) {
      harness.cluster.crash(node, for: 1000...5000)
      disk.crash(.nothing, using: &generator)
      node.disk = disk
    }
    harness.run(100_000)
    if harness.violation == nil, !harness.grow(2), harness.violation == nil { return "nothing becomes final" }
    return harness.violation
  }

  @Test(
    "D8: where the last synced batch is gone, the chain stays one and goes on, or the loss is noticed",
    arguments: [1, 2])
  func lost(count: Int) {
    var (unnoticed, noticed) = (0, 0)
    for seed in 1...2 as ClosedRange<UInt64> {
      for step in 0..<24 as Range<UInt64> {
        guard let broken = lose(on: count, seed: seed, after: step) else {
          unnoticed += 1
          continue
        }
        // The run ends where the lie of the disk shows: at a vote that its node does not know, or at a second one, with which
        // the node is one of the f that may be faulty.
        let isFaulty = (4 - count..<4).contains { broken.hasPrefix("1: node \($0) ") }
        #expect(isFaulty || broken.hasSuffix("the same key is used twice"))
        noticed += 1
      }
    }
    #expect(unnoticed > 0 && noticed > 0, "\(unnoticed) not noticed, \(noticed) noticed")
  }
}
