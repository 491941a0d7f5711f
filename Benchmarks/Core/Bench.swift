import Foundation
import Primitives

/// Measures the core's hot paths: for each operation the time, the allocations and the bytes allocated.
///
/// `core-bench [section …]`; all sections run without an argument. In a release build every line has a budget of
/// allocations (`Budgets`), and the program fails if one is exceeded: allocations repeat from run to run on any machine,
/// times do not.
@main
enum Bench {
  private typealias Section = (name: String, run: @Sendable (Report) async throws -> Void)

  private static let sections: [Section] = [
    ("codec", CodecBench.run), ("hash", HashBench.run), ("verify", VerifyBench.run), ("map", MapBench.run),
    ("single", StateBench.single), ("batch", StateBench.batch), ("snapshot", SnapshotBench.run), ("log", LogBench.run),
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
