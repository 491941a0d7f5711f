/// An error that people and programs can act on. Every error that leaves a room is one.
public protocol ExplainedError: Error {
  /// Stable and dotted, for programs: `room.what`. Never reused for another meaning.
  var code: String { get }
  /// What happened, with the value and the limit.
  var explanation: String { get }
  /// What to do about it.
  var nextStep: String { get }
}
