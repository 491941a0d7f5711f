import Primitives

/// What stands at the first place where no sound record follows.
enum Finding: Hashable, Sendable {
  /// Zeros to the end of the last segment.
  case zeros
  /// Zeros where a record header belongs, and other bytes after them.
  case hole
  /// Bytes that are no header of this segment.
  case badHeader(zerosExplain: Bool)
  /// A sound header whose payload does not match it.
  case badPayload(zerosExplain: Bool)
  /// A sound record that belongs elsewhere.
  case misplaced(LogPosition)
  /// A seal, and no segment after it.
  case noNextSegment
}
