/// A block whose changes are not settled.
enum ChangedBlock {
  /// The block that is being executed.
  case open
  /// The newest executed block.
  case newest
}
