public import Primitives

/// Why a key that is not in this process's memory did not sign, in the words of the module that knows the place.
public struct SigningFault: Error, ExplainedError, Hashable, Sendable {
  public let code: String
  public let explanation: String
  public let nextStep: String
  /// Whether the key is only out of reach, so that it may sign later without anything being changed here.
  public let isAway: Bool

  public init(_ error: some ExplainedError, isAway: Bool) {
    code = error.code
    explanation = error.explanation
    nextStep = error.nextStep
    self.isAway = isAway
  }
}
