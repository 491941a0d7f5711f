import Foundation
import Primitives

/// Measures the time, the allocations and the allocated bytes of each operation on the core's hot paths.
///
/// Usage: `core-bench [section …]`; without arguments, all sections run. In a release build every line has a budget of
/// allocations (`Budgets`), and the program fails if one is exceeded: unlike times, allocations are the same in every
/// run and on every machine.
@main
enum Bench {
  private typealias Section = (name: String, run: @Sendable (Report) async throws -> Void)

  private static let sections: [Section] = [
    ("codec", CodecBench.run), ("hash", HashBench.run), ("verify", VerifyBench.run), ("proof", ProofBench.run),
    ("map", MapBench.run),
    ("single", StateBench.single), ("batch", StateBench.batch),
    ("holds", HoldBench.single), ("hold-batches", HoldBench.batch), ("expiry", HoldBench.expiry),
    ("memory", MemoryBench.run),
    ("snapshot", SnapshotBench.run), ("log", LogBench.run),
    ("consensus", ConsensusBench.run), ("frames", FramesBench.run),
  ]

  static func main() async {
    let wanted = CommandLine.arguments.dropFirst()
    let unknown = wanted.filter { name in !sections.contains { $0.name == name } }
    guard unknown.isEmpty else {
      print("there is no section \(unknown.joined(separator: ", "))")
      print("next: choose of \(sections.map(\.name).joined(separator: ", "))")
      exit(2)
    }
    guard let report = Report(sections: sections.map(\.name)) else { exit(1) }
    for section in sections where wanted.isEmpty || wanted.contains(section.name) {
      report.begin(section.name)
      do {
        try await section.run(report)
      } catch {
        let explained = error as? any ExplainedError
        print("\(section.name): stopped: \(explained.map { "\($0.explanation) (next: \($0.nextStep))" } ?? "\(error)")")
        exit(1)
      }
      report.end()
    }
    exit(report.finish() ? 0 : 1)
  }
}
