/// What a start does about the end of a log (`RecoveryTable`).
enum RecoveryDecision: Hashable, Sendable {
  /// The log was closed, and nothing follows.
  case clean
  /// The log was not closed, but nothing is half written.
  case unclosed
  /// Nothing from here on was ever promised to anyone: clear it.
  case cut
  /// Durable data is damaged: change nothing.
  case refuse(LogDamage.Cause)
}
