import ArgumentParser
import Foundation
import Ledger
import LedgerJSON
import Node
import Primitives

struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Check a whole chain in a node's directory.",
    discussion: """
      Trusts nothing but the genesis file: checks every byte against its checksum, every transaction root, the links \
      from block to block, every signature of transactions and certificates, and executes all blocks again to compare \
      every outcome and state root. Changes nothing, and the node may run meanwhile.

      Where old segments left the log, those in the archive (history.archive) are read before it. Without them, and \
      where the node joined by a snapshot, the check begins at the oldest snapshot that a certificate vouches for; the \
      report says at which height.

      Exit status 1 if anything is wrong. With --json: "transactions", "seconds", "transactionsPerSecond", "firstFault", \
      which is null if all is well, and "beginsAt", which is 0 for genesis.

      Examples:
        roadbed audit demo/node1
        roadbed audit /srv/roadbed --genesis agreed-genesis.json --json
        roadbed audit /srv/roadbed --archive /mnt/old-segments
      """)

  @Argument(help: ArgumentHelp("The node's directory.", valueName: "dir"), completion: .directory)
  var directory: String

  @Option(
    help: ArgumentHelp("The genesis file to trust. Without it: that of the node's settings.", valueName: "file"))
  var genesis: String?

  @Option(
    help: ArgumentHelp("Where the segments are that left the log. Without it: history.archive.", valueName: "dir"),
    completion: .directory)
  var archive: String?

  @Option(help: ArgumentHelp("Threads that check signatures. Without it: one per processor core.", valueName: "n"))
  var threads: Int?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads is \(threads); allowed are 1 to 256.")
    }
  }

  func run() async throws {
    let history = try NodeHistory(directory: directory, genesis: genesis)
    var folders = history.folders
    if let archive { folders.archive = archive }
    let showsProgress = Console.isOutputTerminal && !output.json
    let report = try ChainAudit.run(
      folders, genesis: history.genesis, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount
    ) { done, total in
      if showsProgress { Console.redraw("audited \(done) of \(total) records") }
    }
    if showsProgress { Console.redraw("") }
    if output.json {
      try Console.printJSON(AuditAnswer(report))
    } else {
      print(report, folders, history.genesis)
    }
    if report.firstFault != nil { throw ExitCode(ErrorReport.failure) }
  }

  private func print(_ report: AuditReport, _ folders: HistoryFolders, _ genesis: Genesis) {
    let answer = AuditAnswer(report)
    var sheet = Sheet()
    sheet.add("read", folders.archive.map { "\($0) and \(folders.log)" } ?? folders.log)
    let writer = report.writer.map { key in
      genesis.validators.first { $0.voteKey == key }.map { "\($0.name)" } ?? "a stranger, with the vote key \(key)"
    }
    sheet.add("written by", writer ?? "nobody that it names")
    sheet.add("begins at", report.beginsAt == .genesis ? "genesis" : "the snapshot of height \(report.beginsAt)")
    sheet.add("height", report.height)
    sheet.add("block", report.block)
    sheet.add("state root", report.stateRoot)
    sheet.add("transactions", "\(report.transactions) with \(report.operations) operations")
    sheet.add("signatures", "\(report.signatures) and \(report.certificates) certificates")
    sheet.add("log", "\(report.records) records, \(report.bytes) bytes")
    let rate = Int(answer.transactionsPerSecond)
    sheet.add("time", String(format: "%.2f s, %d transactions a second", report.seconds, rate))
    sheet.print()
    for fault in report.unusableSnapshots {
      Console.print(
        Console.styled("note", .yellow) + ": a snapshot was passed over [\(fault.code)]: \(fault.explanation)")
    }
    if report.beginsAt > .genesis {
      Console.print(
        Console.styled("note", .yellow)
          + ": the blocks up to some height at or below \(report.beginsAt) are not in this "
          + "log; that state is one that the validators certified")
    }
    if report.voids > 0 {
      Console.print(
        Console.styled("note", .yellow)
          + ": \(report.voids) records stand in the place of damaged ones that could not be "
          + "brought back")
    }
    if report.isOpenEnded {
      Console.print(
        Console.styled("note", .yellow) + ": the log's last bytes are being written, or a crash tore them; "
          + "nothing before them is missing")
    }
    if report.isIncomplete {
      Console.print(
        Console.styled("note", .yellow) + ": the log has a finalization above the blocks it holds: the node was "
          + "catching up")
    }
    if let fault = report.firstFault {
      Console.print(
        Console.styled("FAULT [\(fault.code)]", .red) + " at log record \(fault.position), height \(fault.height): "
          + fault.explanation)
      Console.next(fault.nextStep)
    } else {
      Console.print(
        Console.styled("sound", .green) + ": everything from "
          + (report.beginsAt == .genesis ? "genesis" : "height \(report.beginsAt)")
          + " to height \(report.height) holds")
    }
  }
}
