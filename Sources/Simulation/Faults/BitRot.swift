/// A bit that flipped in a sealed segment of a running node's log, and is not repaired yet.
struct BitRot {
  var file: String
  var offset: Int
  var bit: Int
  /// The number of times that the log had been checked to its end before.
  var rounds: Int
}
