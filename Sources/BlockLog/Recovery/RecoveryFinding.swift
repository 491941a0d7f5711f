import Primitives

/// What is found at the first place where no valid record follows.
enum RecoveryFinding: Hashable, Sendable {
  /// Zeros to the end of the last segment.
  case zeros
  /// Zeros where a record header is expected, followed by other bytes.
  case hole
  /// Bytes that are not a header of this segment.
  case badHeader(zerosExplain: Bool)
  /// A valid header whose payload does not match it.
  case badPayload(zerosExplain: Bool)
  /// A valid record that belongs elsewhere.
  case misplaced(LogPosition)
  /// A seal with no segment after it.
  case noNextSegment
}
