import Foundation
import Ledger
import Synchronization
import Testing

/// How many operations somebody asks for; none usually.
private let requested = ProcessInfo.processInfo.environment["ROADBED_LEDGER_OPERATIONS"].flatMap { Int($0) } ?? 0

/// The drawn histories of every test run, for as many operations as somebody asks for (`Scripts/check-ledger`).
@Testing.Suite("The state under a long load", .enabled(if: requested > 0))
struct LongWorkloadTests {
  @Test("as many random operations as asked for end as in the model, also after reverts, replay and snapshots")
  func long() async throws {
    let tally = Tally()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<ProcessInfo.processInfo.activeProcessorCount {
        group.addTask {
          while tally.total < requested {
            let seed = tally.nextSeed()
            tally.add(try StateWorkloadTests.play(seed: seed), seed: seed)
            tally.add(try SnapshotTests.play(seed: seed), seed: seed)
          }
        }
      }
      try await group.waitForAll()
    }
    print(tally.text)
  }

  /// What has been executed so far, by kind: operations of transactions that were applied, and of those that were not.
  private final class Tally: Sendable {
    private let counts = Mutex<[OperationKind: (applied: Int, failed: Int)]>([:])
    private let outcomes = Mutex<[OutcomeCode: Int]>([:])
    private let histories = Mutex(0)
    private let printed = Mutex(0)
    private let seed = Mutex<UInt64>(1000)

    var total: Int { counts.withLock { $0.values.reduce(0) { $0 + $1.applied + $1.failed } } }

    func nextSeed() -> UInt64 {
      seed.withLock { seed in
        seed += 1
        return seed
      }
    }

    func add(_ chain: TestChain.Executed, seed: UInt64) {
      counts.withLock { counts in
        for (kind, count) in chain.applied { counts[kind, default: (0, 0)].applied += count }
        for (kind, count) in chain.failed { counts[kind, default: (0, 0)].failed += count }
      }
      outcomes.withLock { $0.merge(chain.outcomes) { $0 + $1 } }
      histories.withLock { $0 += 1 }
      let total = total
      let isDue = printed.withLock { last in
        guard total >= last + requested / 20 else { return false }
        last = total
        return true
      }
      if isDue { print("\(total) operations, up to seed \(seed)") }
    }

    var text: String {
      let counts = counts.withLock { $0 }
      var lines = [
        "\(total) operations in \(histories.withLock { $0 }) histories; in transactions that were applied, and failed:"
      ]
      for kind in OperationKind.allCases {
        let count = counts[kind] ?? (0, 0)
        lines.append(
          "  \(kind.name.padding(toLength: 20, withPad: " ", startingAt: 0))\(count.applied)  \(count.failed)")
      }
      lines.append("outcomes of their transactions:")
      for (code, count) in outcomes.withLock({ $0 }).sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        lines.append("  \(code.code.padding(toLength: 40, withPad: " ", startingAt: 0))\(count)")
      }
      return lines.joined(separator: "\n")
    }
  }
}
