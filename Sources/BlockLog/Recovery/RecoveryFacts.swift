import Primitives

/// Everything that the decision depends on.
struct RecoveryFacts: Hashable, Sendable {
  var finding: RecoveryFinding
  /// The position that the record at this place would have.
  var expected: LogPosition
  /// The greatest durable mark in any valid header, before or after this place.
  var provenDurable: LogPosition
  /// Whether the last valid item before this place is a clean-end mark.
  var closed: Bool
}
