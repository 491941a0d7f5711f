import ArgumentParser
import LedgerJSON
import Node
import Primitives

struct SnapshotList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the snapshots in a node's directory.",
    discussion: """
      Shows what each snapshot claims, and the progress of one that is being fetched from peers. `snapshot verify` \
      checks whether the claims are true.

      Example:
        roadbed snapshot list demo/node1
      """)

  @OptionGroup var options: SnapshotOptions

  func run() async throws {
    let history = try options.history()
    let folder = SnapshotFolder(path: history.folders.snapshots, genesis: history.genesis)
    let found = try folder.list()
    let underWay = try folder.underWay()
    if options.output.json {
      return try Console.printJSON(
        Answer(snapshots: found.map(SnapshotView.init), fetching: underWay.map(Answer.Fetching.init)))
    }
    print(found)
    if let underWay {
      Console.print(
        "fetching the state of height \(underWay.facts.height): \(underWay.chunksHere) of \(underWay.facts.chunks) chunks "
          + "have arrived, \(underWay.facts.bytes) bytes")
    }
    if found.isEmpty {
      Console.print("no snapshots in \(folder.path)")
      Console.next(
        history.settings.snapshotInterval == 0
          ? "the node makes none, because snapshots.interval is 0; to create one: `roadbed snapshot create \(options.directory)`"
          : "the node makes one every \(history.settings.snapshotInterval) blocks, or \(Limits.snapshotBlockBytes >> 30) GiB of them; "
            + "to create one now: `roadbed snapshot create \(options.directory)`")
    }
  }

  private func print(_ found: [SnapshotFolder.Finding]) {
    guard !found.isEmpty else { return }
    var table = Table("HEIGHT", "TIME", "BYTES", "ENTRIES", "CHUNKS", "BLOCK", "STATE ROOT")
    for finding in found {
      if let facts = finding.facts {
        table.add(
          "\(facts.height)", facts.blockTime.iso8601, "\(facts.bytes)", "\(facts.entries)", "\(facts.chunks)",
          "\(facts.block)", "\(facts.stateRoot)")
      } else {
        table.add("\(finding.height)", finding.fault?.code ?? "", "", "", "", "", "")
      }
    }
    table.print()
    for finding in found {
      guard let fault = finding.fault else { continue }
      Console.print(Console.styled("height \(finding.height) [\(fault.code)]", .red) + ": \(fault.explanation)")
      Console.next(fault.nextStep)
    }
  }

  private struct Answer: Encodable {
    struct Fetching: Encodable {
      var height: Height
      var chunks: Int
      var chunksHere: Int
      var bytesHere: Int

      init(_ underWay: SnapshotFolder.UnderWay) {
        height = underWay.facts.height
        chunks = underWay.facts.chunks
        chunksHere = underWay.chunksHere
        bytesHere = underWay.facts.bytes
      }
    }

    var snapshots: [SnapshotView]
    /// Absent if none is being fetched.
    var fetching: Fetching?
  }
}
