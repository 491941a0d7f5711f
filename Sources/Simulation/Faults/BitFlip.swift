/// Where a bit was turned over, and what the log held before.
struct BitFlip {
  var file: String
  var records: UInt64
}
