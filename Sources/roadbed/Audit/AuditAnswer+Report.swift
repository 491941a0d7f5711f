import LedgerJSON
import Node

extension AuditAnswer {
  init(_ report: AuditReport) {
    self.init(height: report.height, block: report.block, stateRoot: report.stateRoot)
    transactions = report.transactions
    seconds = report.seconds
    if report.seconds > 0 {
      transactionsPerSecond = Double(report.transactions) / report.seconds
      operationsPerSecond = Double(report.operations) / report.seconds
    }
    hashOnly = report.isHashOnly
    firstFault = report.firstFault.map { Fault($0, record: $0.position, height: $0.height) }
    beginsAt = report.beginsAt
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
}
