import Primitives

/// All that the decision depends on.
struct RecoveryFacts: Hashable, Sendable {
  var finding: Finding
  /// The position that the record at this place would have.
  var expected: LogPosition
  /// The greatest durable mark in any sound header, before or behind this place.
  var provenDurable: LogPosition
  /// The last sound thing before this place is a clean-end mark.
  var closed: Bool
}
