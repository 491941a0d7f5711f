public import Primitives

/// The answer to one submitted transaction. `POST /v1/transactions`.
public struct SubmitResult: Codable, Hashable, Sendable {
  public enum Stage: String, Codable, Sendable {
    /// Checked and on its way to the next blocks.
    case accepted
    /// In a finalized block; `outcome` says what became of it.
    case finalized
    /// Not taken; `error` says why.
    case refused
  }

  /// Absent if the bytes were no transaction.
  public var id: Digest?
  public var status: Stage
  /// Present if finalized.
  public var height: Height?
  public var outcome: OutcomeView?
  /// Present if refused. Only inside `SubmitResults`; a single refused transaction is answered with `ErrorBody`.
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
