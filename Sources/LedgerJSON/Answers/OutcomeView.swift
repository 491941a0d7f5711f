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

  public init(_ outcome: TransactionOutcome) {
    code = outcome.code.code
    applied = outcome.isApplied
    operation = outcome.isApplied ? nil : Int(outcome.operation)
    explanation = outcome.code.explanation
  }
}
