public import Primitives

/// The answer to one submitted transaction. `POST /v1/transactions`.
public struct SubmitResult: Codable, Hashable, Sendable {
  public enum Stage: String, Codable, Sendable {
    /// The transaction was checked and is on its way to the next blocks.
    case accepted
    /// The transaction is in a finalized block; `outcome` gives its effect.
    case finalized
    /// The transaction was not accepted; `error` gives the reason.
    case refused
  }

  /// Absent if the bytes were not a transaction.
  public var id: Digest?
  public var status: Stage
  /// Present if the transaction is finalized.
  public var height: Height?
  public var outcome: OutcomeView?
  /// Present if the transaction was refused, but only inside `SubmitResults`: the answer to a single refused
  /// transaction is an `ErrorBody`.
  public var error: ErrorDetail?

  public init(_ answer: SubmitAnswer) {
    switch answer {
    case .accepted(let id): self.init(accepted: id)
    case .finalized(let id, let height, let outcome):
      self.init(finalized: id, height: height, outcome: OutcomeView(outcome))
    case .refused(let id, let error): self.init(refused: id, error: error)
    }
  }

  public init(accepted id: Digest) {
    self.id = id
    status = .accepted
  }

  public init(finalized id: Digest, height: Height, outcome: OutcomeView) {
    self.id = id
    status = .finalized
    self.height = height
    self.outcome = outcome
  }

  public init(refused id: Digest?, error: ErrorDetail) {
    self.id = id
    status = .refused
    self.error = error
  }
}
