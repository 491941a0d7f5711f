public import Primitives

/// An `ExplainedError` in an answer.
public struct ErrorDetail: Codable, Hashable, Sendable {
  /// Stable and dotted, for programs.
  public var code: String
  /// What happened, with the value and the limit.
  public var message: String
  /// What to do about it.
  public var nextStep: String
  /// Present if the node is only busy: when to send the same again. HTTP's `Retry-After` says it in whole seconds.
  public var retryAfterMilliseconds: UInt64?

  public init(code: String, message: String, nextStep: String, retryAfterMilliseconds: UInt64? = nil) {
    self.code = code
    self.message = message
    self.nextStep = nextStep
    self.retryAfterMilliseconds = retryAfterMilliseconds
  }

  public init(_ error: some ExplainedError, retryAfterMilliseconds: UInt64? = nil) {
    self.init(
      code: error.code, message: error.explanation, nextStep: error.nextStep,
      retryAfterMilliseconds: retryAfterMilliseconds)
  }
}

extension ErrorDetail: ExplainedError {
  public var explanation: String { message }
}
