package import Ledger
package import Primitives

/// What executing a block produced: the result that a finalize vote signs, and the outcome of each transaction.
package struct ExecutionRecord: Equatable, Sendable {
  package var result: BlockResult
  /// The digest of `result`.
  package var digest: Digest
  /// One per transaction, in block order.
  package var outcomes: [TransactionOutcome]

  package init(result: BlockResult, digest: Digest, outcomes: [TransactionOutcome]) {
    self.result = result
    self.digest = digest
    self.outcomes = outcomes
  }
}

extension ExecutionRecord: LogEntry {
  package static var entryKind: LogEntryKind { .execution }
  package static var isAwaited: Bool { false }
  package static var part: BlockPart? { .execution }
  package static var loss: LogEntryLoss { .replaceable }

  package var block: Digest? { result.block }

  /// Encodes result, digest, transaction count, failure count, then each failure: index, code, operation. Only failures
  /// are listed because most transactions are applied.
  package func encoded() -> [UInt8] {
    var writer = Writer(capacity: 160)
    result.encode(into: &writer)
    writer.digest(digest)
    writer.count(outcomes.count)
    let failures = outcomes.enumerated().filter { $0.element.code != .applied }
    writer.count(failures.count)
    for (index, outcome) in failures {
      writer.integer(UInt32(index))
      writer.integer(outcome.code.rawValue)
      writer.integer(outcome.operation)
    }
    return writer.bytes
  }

  package init(payload: [UInt8]) throws(CodecError) {
    self = try Reader.whole(payload) { (reader) throws(CodecError) in try ExecutionRecord(from: &reader) }
  }

  private init(from reader: inout Reader) throws(CodecError) {
    result = try BlockResult(from: &reader)
    digest = try reader.digest()
    let count = try reader.count(limit: Limits.blockTransactions, "outcomes")
    var outcomes = [TransactionOutcome](repeating: .applied, count: count)
    let failures = try reader.count(limit: count, "failed outcomes")
    var next: UInt32 = 0
    for _ in 0..<failures {
      let index: UInt32 = try reader.integer()
      guard index >= next, Int(index) < count else { throw .notCanonical(field: "failed outcomes") }
      next = index + 1
      let rawCode: UInt16 = try reader.integer()
      guard let code = OutcomeCode(rawValue: rawCode), code != .applied else {
        throw .unknown(field: "outcome code", value: UInt64(rawCode))
      }
      outcomes[Int(index)] = TransactionOutcome(code: code, operation: try reader.integer())
    }
    self.outcomes = outcomes
  }
}
