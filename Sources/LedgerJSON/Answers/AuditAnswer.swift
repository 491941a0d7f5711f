package import Primitives

/// The answer of `audit --json`. The first five keys are stable.
package struct AuditAnswer: Codable, Hashable, Sendable {
  package struct Fault: Codable, Hashable, Sendable {
    package var code: String
    package var message: String
    package var nextStep: String
    package var record: UInt64
    package var height: Height

    package init(_ error: some ExplainedError, record: LogPosition, height: Height) {
      code = error.code
      message = error.explanation
      nextStep = error.nextStep
      self.record = record.rawValue
      self.height = height
    }
  }

  package var transactions = 0
  package var seconds = 0.0
  package var transactionsPerSecond = 0.0
  package var firstFault: Fault?
  /// The height of the snapshot with which the log begins; 0 for genesis.
  package var beginsAt = Height.genesis
  package var height: Height
  package var block: Digest
  package var stateRoot: Digest
  package var operations = 0
  package var operationsPerSecond = 0.0
  /// Whether no signature was verified.
  package var hashOnly = false
  package var signatures = 0
  package var certificates = 0
  package var records = 0
  package var bytes = 0
  package var voids = 0
  package var writer: PublicKey?
  package var unusableSnapshots: [ErrorDetail] = []
  package var openEnded = false
  package var incomplete = false

  package init(height: Height, block: Digest, stateRoot: Digest) {
    self.height = height
    self.block = block
    self.stateRoot = stateRoot
  }

  private enum CodingKeys: String, CodingKey {
    case transactions, seconds, transactionsPerSecond, firstFault, beginsAt, height, block, stateRoot, operations
    case operationsPerSecond, hashOnly, signatures, certificates, records, bytes, voids, writer, unusableSnapshots,
      openEnded, incomplete
  }

  /// Written out so that a missing `firstFault` is encoded as null instead of being left out.
  package func encode(to encoder: any Encoder) throws {
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
    try container.encode(operationsPerSecond, forKey: .operationsPerSecond)
    try container.encode(hashOnly, forKey: .hashOnly)
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
