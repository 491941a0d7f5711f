/// An error that people and programs can act on. Every error that leaves a module conforms to this protocol.
public protocol ExplainedError: Error {
  /// A stable, dotted name for programs, such as `encoding.truncated`. Its meaning never changes.
  var code: String { get }
  /// What happened, with the value and the limit.
  var explanation: String { get }
  /// What to do about it.
  var nextStep: String { get }
}
