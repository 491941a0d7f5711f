import ArgumentParser
import LedgerJSON
import Node
import Primitives

struct SnapshotCreate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Create a snapshot of the last final height in a node's log.",
    discussion: """
      Reads the log without changing it, begins with the newest valid snapshot, executes the blocks above it and writes \
      the state into the node's snapshot folder. The node may be running or stopped.

      Example:
        roadbed snapshot create demo/node1
      """)

  @OptionGroup var options: SnapshotOptions

  func run() async throws {
    let history = try options.history()
    let showsProgress = Console.isOutputTerminal && !options.output.json
    let made = try SnapshotMaking.run(
      history.folders, genesis: history.genesis, threads: SnapshotOptions.threads
    ) { progress in
      guard showsProgress else { return }
      switch progress {
      case .reading(let done, let total): Console.redraw("read \(done) of \(total) records")
      case .copying(let rows, let total): Console.redraw("copied \(rows) of \(total) entries")
      }
    }
    if showsProgress { Console.redraw("") }
    if options.output.json { return try Console.printJSON(Answer(made)) }
    print(made, kept: history.settings.snapshotsKept)
  }

  private func print(_ made: SnapshotMaking.Result, kept: Int) {
    for finding in made.unusable {
      guard let fault = finding.fault else { continue }
      Console.print(
        Console.styled("note", .yellow) + ": the snapshot of height \(finding.height) cannot be used [\(fault.code)]: "
          + fault.explanation)
    }
    let height = made.facts.height
    guard made.isNew else {
      Console.print("there is already a valid snapshot of the last final height, \(height): \(made.file)")
      Console.next("nothing to do; create another when the chain has grown")
      return
    }
    var sheet = Sheet()
    sheet.add(made.facts)
    sheet.add("file", made.file)
    let beginning = made.beganAt == .genesis ? "genesis" : "the snapshot of height \(made.beganAt)"
    sheet.add("made from", "\(beginning), in \(Int(made.seconds * 1000)) ms")
    sheet.print()
    Console.next(
      "the node starts from this snapshot next time, and serves it to nodes that join; when it makes one itself, it keeps "
        + "the newest \(kept). To verify the file: `roadbed snapshot verify \(options.directory) --height \(height)`")
  }

  private struct Answer: Encodable {
    var snapshot: SnapshotView
    var file: String
    var beganAt: Height
    /// False if a snapshot of this height already existed.
    var new: Bool
    var unusable: [SnapshotView]
    var seconds: Double

    init(_ made: SnapshotMaking.Result) {
      snapshot = SnapshotView(made.facts)
      file = made.file
      beganAt = made.beganAt
      new = made.isNew
      unusable = made.unusable.map(SnapshotView.init)
      seconds = made.seconds
    }
  }
}
