package import Primitives

/// What one record of a node's log says. Each kind has a file of its own in this folder, with everything that is
/// particular to it: its bytes, who waits for it, where the chain index keeps it, what its loss means. Only this folder
/// reads or writes those bytes.
package protocol LogEntry: Sendable {
  static var entryKind: LogEntryKind { get }
  /// Whether something waits for such a record to be durable. The others ride along with the next sync.
  static var isAwaited: Bool { get }
  /// What it holds of a block of the chain; nil if the chain index does not keep it.
  static var part: BlockPart? { get }
  static var loss: LogEntryLoss { get }

  /// The block by which the chain index finds it; nil if the index does not keep it.
  var block: Digest? { get }

  /// Decodes a record's payload. What takes the chain's context to decode is kept as bytes.
  init(payload: [UInt8]) throws(CodecError)

  func encoded() -> [UInt8]
}

extension LogEntry {
  package static var part: BlockPart? { nil }
  package var block: Digest? { nil }
}
