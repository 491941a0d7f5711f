/// A block whose changes are not settled.
enum ChangedBlock {
  /// The one that is being executed.
  case open
  /// The newest that was executed.
  case newest
}
