import ArgumentParser
import Foundation
import Ledger
import LedgerJSON
import Node
import Primitives

struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Verify the whole chain in a node's directory.",
    discussion: """
      Trusts nothing but the genesis file. Checks every byte against its checksum, every transaction root, the links \
      from block to block, and every signature of transactions and certificates; executes all blocks again, and compares \
      every outcome and state root, and at the end the supply of every asset with what accounts hold. Changes nothing; the \
      node may be running.

      With --hash-only, verifies no signatures: that finds what a disk or a copy has damaged, and proves nothing about \
      who agreed.

      If old segments have left the log, reads those in the archive (history.archive) first. Without an archive, and if \
      the node joined by a snapshot, the audit begins at the oldest snapshot that a certificate proves; the report says \
      at which height.

      The exit status is 1 if anything is wrong. With --json: "transactions", "seconds", "transactionsPerSecond", \
      "firstFault", which is null if nothing is wrong, and "beginsAt", which is 0 for genesis.

      Examples:
        roadbed audit demo/node1
        roadbed audit /srv/roadbed --genesis agreed-genesis.json --json
        roadbed audit /srv/roadbed --archive /mnt/old-segments
        roadbed audit /mnt/copy --hash-only
      """)

  @Argument(help: ArgumentHelp("The node's directory.", valueName: "dir"), completion: .directory)
  var directory: String

  @Option(
    help: ArgumentHelp("The genesis file to trust. Default: the one in the node's settings.", valueName: "file"))
  var genesis: String?

  @Option(
    help: ArgumentHelp(
      "The folder of the segments that have left the log. Default: history.archive.", valueName: "dir"),
    completion: .directory)
  var archive: String?

  @Option(
    help: ArgumentHelp("The number of threads that verify signatures. Default: one per processor core.", valueName: "n")
  )
  var threads: Int?

  @Flag(help: "Verify no signatures.")
  var hashOnly = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads is \(threads); it must be 1 to 256.")
    }
  }

  func run() async throws {
    let history = try NodeHistory(directory: directory, genesis: genesis)
    var folders = history.folders
    if let archive { folders.archive = archive }
    let showsProgress = Console.isOutputTerminal && !output.json
    let report = try ChainAudit.run(
      folders, genesis: history.genesis, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
      isHashOnly: hashOnly
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
      genesis.validators.first { $0.voteKey == key }.map { "\($0.name)" }
        ?? "an unknown validator, with the vote key \(key)"
    }
    sheet.add("written by", writer ?? "unknown: the log does not say")
    sheet.add("begins at", report.beginsAt == .genesis ? "genesis" : "the snapshot of height \(report.beginsAt)")
    sheet.add("height", report.height)
    sheet.add("block", report.block)
    sheet.add("state root", report.stateRoot)
    sheet.add("transactions", "\(report.transactions) with \(report.operations) operations")
    sheet.add(
      "signatures",
      report.isHashOnly
        ? "none verified, with \(report.certificates) certificates"
        : "\(report.signatures) and \(report.certificates) certificates")
    sheet.add("log", "\(report.records) records, \(report.bytes) bytes")
    sheet.add(
      "time",
      String(
        format: "%.2f s, %d transactions and %d operations a second", report.seconds,
        Int(answer.transactionsPerSecond), Int(answer.operationsPerSecond)))
    sheet.print()
    for fault in report.unusableSnapshots {
      Console.print(
        Console.styled("note", .yellow) + ": a snapshot was skipped [\(fault.code)]: \(fault.explanation)")
    }
    if report.isHashOnly {
      Console.print(
        Console.styled("note", .yellow)
          + ": no signature was verified, so this says nothing about who agreed to this chain")
    }
    if report.beginsAt > .genesis {
      Console.print(
        Console.styled("note", .yellow)
          + ": the blocks up to some height at or below \(report.beginsAt) are not in this "
          + "log; the validators certified the state at that height")
    }
    if report.voids > 0 {
      Console.print(
        Console.styled("note", .yellow)
          + ": \(report.voids) records replace damaged ones that could not be recovered")
    }
    if report.isOpenEnded {
      Console.print(
        Console.styled("note", .yellow) + ": the end of the log is being written, or was torn by a crash; "
          + "nothing before it is missing")
    }
    if report.isIncomplete {
      Console.print(
        Console.styled("note", .yellow)
          + ": the log has a finalization above the blocks that it holds, because the node "
          + "was catching up")
    }
    if let fault = report.firstFault {
      Console.print(
        Console.styled("FAULT [\(fault.code)]", .red) + " at log record \(fault.position), height \(fault.height): "
          + fault.explanation)
      Console.next(fault.nextStep)
    } else {
      Console.print(
        Console.styled("OK", .green) + ": verified "
          + (report.beginsAt == .genesis ? "genesis" : "height \(report.beginsAt)")
          + " through height \(report.height)")
    }
  }
}
