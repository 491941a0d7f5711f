import Ledger
import Primitives

/// Measures the ledger's hot paths on one core: what each costs, in nanoseconds and per second.
///
/// `ledger-bench [section …]`; sections: hash, map, single, batch, snapshot. All run without an argument.
@main
enum Bench {
  static func main() {
    let wanted = Set(CommandLine.arguments.dropFirst())
    let sections: [(name: String, run: () -> Void)] = [
      ("hash", MapBench.hash), ("map", MapBench.map), ("single", StateBench.single), ("batch", StateBench.batch),
      ("snapshot", SnapshotBench.run),
    ]
    Report.setUp()
    for section in sections where wanted.isEmpty || wanted.contains(section.name) { section.run() }
  }
}
