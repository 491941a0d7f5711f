import Primitives

/// How a change of the set of validators went. Times depend on the machine, so none of them is judged.
struct SetChangeFigures: Codable, Sendable {
  /// The change as the words of its command.
  var change: String
  /// The epoch that it began.
  var epoch: UInt64
  /// The last block of the epoch before.
  var closing: UInt64
  /// The node that was killed meanwhile.
  var killed: String
  /// Whether that node was away between the closing block and the next one.
  var isDisturbed: Bool
  /// From the time of the closing block to that of the next one.
  var openingMilliseconds: UInt64
  /// The longest time between two blocks, from the start of the command until all nodes were healthy again.
  var longestBlockMilliseconds: UInt64
  /// The longest time meanwhile in which no client heard that a transaction is final.
  var longestSilenceMilliseconds: UInt64
  /// The codes with which the command failed before it succeeded.
  var failures: [String]

  var text: String {
    "\(change): epoch \(epoch), whose first block came \(openingMilliseconds) ms after the last one before it"
      + (isDisturbed ? ", with \(killed) away" : "; \(killed) was killed at another moment")
      + "; at most \(longestBlockMilliseconds) ms between blocks and \(longestSilenceMilliseconds) ms without an answer"
      + (failures.isEmpty ? "" : "; the command was repeated after \(failures.joined(separator: ", "))")
  }

  /// All changes of a run in one line.
  static func summary(_ changes: [SetChangeFigures]) -> String {
    func longest(_ part: [SetChangeFigures], _ figure: (SetChangeFigures) -> UInt64) -> String {
      part.map(figure).max().map { "\($0) ms" } ?? "none"
    }
    let calm = changes.filter { !$0.isDisturbed }
    return "\(changes.count) changes; between the blocks around one at most \(longest(calm, \.openingMilliseconds)), "
      + "\(longest(changes.filter(\.isDisturbed), \.openingMilliseconds)) with a node away; "
      + "\(longest(changes, \.longestSilenceMilliseconds)) without an answer"
  }
}
