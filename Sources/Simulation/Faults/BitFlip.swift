/// A flipped bit in a log: the file, and a hash of the log's records before.
struct BitFlip {
  var file: String
  var records: UInt64
}
