public import Primitives

/// An `ExplainedError` in an answer.
public struct ErrorDetail: Codable, Hashable, Sendable {
  /// A stable, dotted name for programs.
  public var code: String
  /// What happened, with the value and the limit.
  public var message: String
  /// What to do about it.
  public var nextStep: String
  /// Present if the node is only busy: the time after which to send the same request again. The HTTP header
  /// `Retry-After` gives it in whole seconds.
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
