/// A flipped bit in a log: the file, and a hash of the log's records before.
struct BitFlip {
  var file: String
  /// Nil if a crash interrupted a repair, so that they are not known.
  var records: UInt64?
}
