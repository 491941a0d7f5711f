public import Ledger
internal import Primitives

/// The outcome of a transaction in its block.
public struct OutcomeView: Codable, Hashable, Sendable {
  /// `applied`, or the reason why no operation was applied.
  public var code: String
  public var applied: Bool
  /// The index of the operation that failed; absent if none did.
  public var operation: Int?
  public var explanation: String
  /// That operation in words, with the members, accounts, amounts and references that it states; absent if none failed, or
  /// in answers in which the operations are not known.
  public var refused: String?

  /// - Parameter operations: those of the transaction, at least up to the one that failed.
  public init(_ outcome: TransactionOutcome, of operations: [RenderedOperation] = []) {
    code = outcome.code.code
    applied = outcome.isApplied
    operation = outcome.isApplied ? nil : Int(outcome.operation)
    explanation = outcome.code.explanation
    refused = operation.flatMap { operations.indices.contains($0) ? operations[$0].line : nil }
  }
}
