enum RecoveryDecision: Hashable, Sendable {
  /// The log was closed and nothing followed.
  case clean
  /// The log was not closed, and nothing is half written.
  case unclosed
  /// From here on nothing was ever promised to anybody: clear it.
  case cut
  /// What was durable is damaged: change nothing.
  case refuse(LogDamage.Cause)
}
