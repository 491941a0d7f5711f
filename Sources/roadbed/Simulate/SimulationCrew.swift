import Simulation
import Synchronization

/// Runs seeds, one per job at a time.
struct SimulationCrew: Sendable {
  let plan: RunPlan
  let traceLines: Int
  let progress: SeedProgress

  /// How many lines of the trace are shown with a broken promise.
  private static let lastLines = 40

  func run(seeds: ClosedRange<UInt64>, jobs: Int) async -> [Report] {
    let queue = SeedQueue(seeds)
    return await withTaskGroup(of: [Report].self) { group in
      for _ in 0..<jobs {
        group.addTask {
          var reports: [Report] = []
          while let seed = queue.next() {
            let report = run(seed)
            reports.append(report)
            progress.finished(report)
          }
          return reports
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
  }

  private func run(_ seed: UInt64) -> Report {
    var options = plan.options(seed: seed)
    options.traceLines = traceLines
    let report = Simulation(seed: seed, options: options).run()
    guard !report.isSound, traceLines == 0 else { return report }
    // Repeats the run to record the events that led to the violation.
    options.traceLines = Self.lastLines
    let again = Simulation(seed: seed, options: options).run()
    return again.hash == report.hash ? again : report
  }
}

/// Hands out seeds, each once.
private final class SeedQueue: Sendable {
  private let left: Mutex<Range<UInt64>>

  init(_ seeds: ClosedRange<UInt64>) { left = Mutex(Range(seeds)) }

  func next() -> UInt64? {
    left.withLock { range in
      guard let seed = range.first else { return nil }
      range = seed + 1..<range.upperBound
      return seed
    }
  }
}
