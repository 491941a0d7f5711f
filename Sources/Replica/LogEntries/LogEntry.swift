package import Primitives

/// The content of one record of a node's log. Each kind has its own file in this folder with everything that is
/// specific to it: its bytes, whether something waits for it to be durable, where the chain index keeps it, and what
/// its loss means. Only this folder reads or writes those bytes.
package protocol LogEntry: Sendable {
  static var entryKind: LogEntryKind { get }
  /// Whether something waits for a record of this kind to be durable. Other records are synced with the next awaited
  /// one, or after a pause.
  static var isAwaited: Bool { get }
  /// The part of a block that the entry contains; nil if the chain index does not keep the entry.
  static var part: BlockPart? { get }
  static var loss: LogEntryLoss { get }

  /// The block under which the chain index finds the entry; nil if the index does not keep it.
  var block: Digest? { get }

  /// Decodes a record's payload. Content whose decoding requires the chain's context is kept as bytes.
  init(payload: [UInt8]) throws(CodecError)

  func encoded() -> [UInt8]
}

extension LogEntry {
  package static var part: BlockPart? { nil }
  package var block: Digest? { nil }
}
