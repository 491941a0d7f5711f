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
      every outcome and state root. Changes nothing; the node may be running.

      If old segments have left the log, reads those in the archive (history.archive) first. Without an archive, and if \
      the node joined by a snapshot, the audit begins at the oldest snapshot that a certificate proves; the report says \
      at which height.

      The exit status is 1 if anything is wrong. With --json: "transactions", "seconds", "transactionsPerSecond", \
      "firstFault", which is null if nothing is wrong, and "beginsAt", which is 0 for genesis.

      Examples:
        roadbed audit demo/node1
        roadbed audit /srv/roadbed --genesis agreed-genesis.json --json
        roadbed audit /srv/roadbed --archive /mnt/old-segments
      """)

  @Argument(help: ArgumentHelp("The node's directory.", valueName: "dir"), completion: .directory)
  var directory: String

  @Option(
    help: ArgumentHelp("The genesis file to trust. Default: the one in the node's settings.", valueName: "file"))
  var genesis: String?

  @Option(
    help: ArgumentHelp("The folder of the segments that have left the log. Default: history.archive.", valueName: "dir"),
    completion: .directory)
  var archive: String?

  @Option(help: ArgumentHelp("The number of threads that verify signatures. Default: one per processor core.", valueName: "n"))
  var threads: Int?

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
      genesis.validators.first { $0.voteKey == key }.map { "\($0.name)" } ?? "an unknown validator, with the vote key \(key)"
    }
    sheet.add("written by", writer ?? "unknown: the log does not say")
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
        Console.styled("note", .yellow) + ": a snapshot was skipped [\(fault.code)]: \(fault.explanation)")
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
        Console.styled("note", .yellow) + ": the end of the log is being written, or a crash tore it; "
          + "nothing before it is missing")
    }
    if report.isIncomplete {
      Console.print(
        Console.styled("note", .yellow) + ": the log has a finalization above the blocks that it holds, because the node "
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

/// The answer of `audit --json`. The first five keys are stable.
struct AuditAnswer: Encodable {
  struct Fault: Encodable {
    var code: String
    var message: String
    var nextStep: String
    var record: UInt64
    var height: Height
  }

  var transactions: Int
  var seconds: Double
  var transactionsPerSecond: Double
  var firstFault: Fault?
  var beginsAt: Height
  var height: Height
  var block: Digest
  var stateRoot: Digest
  var operations: Int
  var signatures: Int
  var certificates: Int
  var records: Int
  var bytes: Int
  var voids: Int
  var writer: PublicKey?
  var unusableSnapshots: [ErrorDetail]
  var openEnded: Bool
  var incomplete: Bool

  init(_ report: AuditReport) {
    transactions = report.transactions
    seconds = report.seconds
    transactionsPerSecond = report.seconds > 0 ? Double(report.transactions) / report.seconds : 0
    firstFault = report.firstFault.map {
      Fault(
        code: $0.code, message: $0.explanation, nextStep: $0.nextStep, record: $0.position.rawValue, height: $0.height)
    }
    beginsAt = report.beginsAt
    height = report.height
    block = report.block
    stateRoot = report.stateRoot
    operations = report.operations
    signatures = report.signatures
    certificates = report.certificates
    records = report.records
    bytes = report.bytes
    voids = report.voids
    writer = report.writer
    unusableSnapshots = report.unusableSnapshots.map { ErrorDetail($0) }
    openEnded = report.isOpenEnded
    incomplete = report.isIncomplete
  }

  private enum CodingKeys: String, CodingKey {
    case transactions, seconds, transactionsPerSecond, firstFault, beginsAt, height, block, stateRoot, operations
    case signatures, certificates, records, bytes, voids, writer, unusableSnapshots, openEnded, incomplete
  }

  /// Written out because `firstFault` must be null, not missing.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(transactions, forKey: .transactions)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(transactionsPerSecond, forKey: .transactionsPerSecond)
    try container.encode(firstFault, forKey: .firstFault)
    try container.encode(beginsAt, forKey: .beginsAt)
    try container.encode(height, forKey: .height)
    try container.encode(block, forKey: .block)
    try container.encode(stateRoot, forKey: .stateRoot)
    try container.encode(operations, forKey: .operations)
    try container.encode(signatures, forKey: .signatures)
    try container.encode(certificates, forKey: .certificates)
    try container.encode(records, forKey: .records)
    try container.encode(bytes, forKey: .bytes)
    try container.encode(voids, forKey: .voids)
    try container.encodeIfPresent(writer, forKey: .writer)
    try container.encode(unusableSnapshots, forKey: .unusableSnapshots)
    try container.encode(openEnded, forKey: .openEnded)
    try container.encode(incomplete, forKey: .incomplete)
  }
}
