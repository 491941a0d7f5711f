import Ledger
import LedgerJSON
import Node
import Primitives

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
