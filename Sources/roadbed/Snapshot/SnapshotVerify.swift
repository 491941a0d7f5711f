import ArgumentParser
import LedgerJSON
import Node
import Primitives

struct SnapshotVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Verify snapshots using only the genesis file.",
    discussion: """
      Checks the manifest, the signatures of the validators' certificate, every chunk against the certified state root, \
      and that a ledger can be loaded from it. Changes nothing. The exit status is 1 if anything is wrong.

      Examples:
        roadbed snapshot verify demo/node1
        roadbed snapshot verify /srv/roadbed --height 40000 --genesis agreed-genesis.json
      """)

  @OptionGroup var options: SnapshotOptions

  @Option(help: ArgumentHelp("Only the snapshot of this height.", valueName: "n"), transform: Height.argument)
  var height: Height?

  func run() async throws {
    let history = try options.history()
    let folder = SnapshotFolder(path: history.folders.snapshots, genesis: history.genesis)
    let heights = try height.map { [$0] } ?? folder.heights()
    guard !heights.isEmpty else { throw CommandError.noSnapshots(folder.path, options.directory) }
    let closings = try history.folders.closings(history.genesis)
    var findings: [SnapshotFolder.Finding] = []
    for height in heights {
      let finding = try folder.verify(height, closings, threads: SnapshotOptions.threads)
      findings.append(finding)
      if !options.output.json { print(finding) }
    }
    if options.output.json { try Console.printJSON(Answer(findings)) }
    if findings.contains(where: { $0.fault != nil }) { throw ExitCode(ErrorReport.failure) }
  }

  private func print(_ finding: SnapshotFolder.Finding) {
    if let fault = finding.fault {
      Console.print(
        Console.styled("FAULT [\(fault.code)]", .red)
          + " in the snapshot of height \(finding.height): \(fault.explanation)")
      Console.next(fault.nextStep)
    } else if let facts = finding.facts {
      Console.print(
        Console.styled("OK", .green) + ": verified the state of height \(facts.height), \(facts.entries) entries in "
          + "\(facts.chunks) chunks with root \(facts.stateRoot)")
    }
  }

  private struct Answer: Encodable {
    var sound: Bool
    var snapshots: [SnapshotView]

    init(_ findings: [SnapshotFolder.Finding]) {
      sound = findings.allSatisfy { $0.fault == nil }
      snapshots = findings.map(SnapshotView.init)
    }
  }
}

extension CommandError {
  fileprivate static func noSnapshots(_ folder: String, _ directory: String) -> CommandError {
    CommandError(
      code: "snapshot.none", explanation: "there are no snapshots in \(folder)",
      nextStep: "make one with `roadbed snapshot create \(directory)`")
  }
}
