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

      Exit status 1 if anything is wrong. With --json: "transactions", "seconds", "transactionsPerSecond" and \
      "firstFault", which is null if all is well.

      Examples:
        roadbed audit demo/node1
        roadbed audit /srv/roadbed --genesis agreed-genesis.json --json
      """)

  @Argument(help: ArgumentHelp("The node's directory.", valueName: "dir"), completion: .directory)
  var directory: String

  @Option(
    help: ArgumentHelp("The genesis file to trust. Without it: genesis.json in the directory.", valueName: "file"))
  var genesis: String?

  @Option(help: ArgumentHelp("Threads that check signatures. Without it: one per processor core.", valueName: "n"))
  var threads: Int?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads is \(threads); allowed are 1 to 256.")
    }
  }

  func run() async throws {
    let files = NodeDirectory(path: directory)
    guard Paths.isDirectory(files.log) else { throw CommandError.noNodeDirectory(directory) }
    let genesis = try GenesisFile.read(genesis ?? files.genesis)
    let showsProgress = Console.isOutputTerminal && !output.json
    let report = try ChainAudit.run(
      directory: files.log, genesis: genesis, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount
    ) { done, total in
      if showsProgress { Console.redraw("audited \(done) of \(total) records") }
    }
    if showsProgress { Console.redraw("") }
    if output.json {
      try Console.printJSON(AuditAnswer(report))
    } else {
      print(report)
    }
    if report.firstFault != nil { throw ExitCode(ErrorReport.failure) }
  }

  private func print(_ report: AuditReport) {
    let answer = AuditAnswer(report)
    var sheet = Sheet()
    sheet.add("height", report.height)
    sheet.add("block", report.block)
    sheet.add("state root", report.stateRoot)
    sheet.add("transactions", "\(report.transactions) with \(report.operations) operations")
    sheet.add("signatures", "\(report.signatures) and \(report.certificates) certificates")
    sheet.add("log", "\(report.records) records, \(report.bytes) bytes")
    let rate = Int(answer.transactionsPerSecond)
    sheet.add("time", String(format: "%.2f s, %d transactions a second", report.seconds, rate))
    sheet.print()
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
      Console.print(Console.styled("sound", .green) + ": everything from genesis to height \(report.height) holds")
    }
  }
}

/// The answer of `audit --json`. The first four keys are stable.
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
  var height: Height
  var block: Digest
  var stateRoot: Digest
  var operations: Int
  var signatures: Int
  var certificates: Int
  var records: Int
  var bytes: Int
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
    height = report.height
    block = report.block
    stateRoot = report.stateRoot
    operations = report.operations
    signatures = report.signatures
    certificates = report.certificates
    records = report.records
    bytes = report.bytes
    openEnded = report.isOpenEnded
    incomplete = report.isIncomplete
  }

  private enum CodingKeys: String, CodingKey {
    case transactions, seconds, transactionsPerSecond, firstFault, height, block, stateRoot, operations, signatures
    case certificates, records, bytes, openEnded, incomplete
  }

  /// Written out because `firstFault` is to be null, not missing.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(transactions, forKey: .transactions)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(transactionsPerSecond, forKey: .transactionsPerSecond)
    try container.encode(firstFault, forKey: .firstFault)
    try container.encode(height, forKey: .height)
    try container.encode(block, forKey: .block)
    try container.encode(stateRoot, forKey: .stateRoot)
    try container.encode(operations, forKey: .operations)
    try container.encode(signatures, forKey: .signatures)
    try container.encode(certificates, forKey: .certificates)
    try container.encode(records, forKey: .records)
    try container.encode(bytes, forKey: .bytes)
    try container.encode(openEnded, forKey: .openEnded)
    try container.encode(incomplete, forKey: .incomplete)
  }
}

extension CommandError {
  static func noNodeDirectory(_ directory: String) -> CommandError {
    let isCluster = Paths.exists(Paths.join(directory, ClusterFile.name))
    return CommandError(
      code: "audit.no-node-directory", explanation: "\(directory) has no folder log, so it is no node's directory",
      nextStep: isCluster
        ? "it is a cluster's directory: audit one of its nodes, such as \(Paths.join(directory, "node1"))"
        : "give the directory that the node runs in")
  }
}
