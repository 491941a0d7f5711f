internal import Primitives

/// The position of bytes of variable length in the buffer that was decoded.
@frozen
public struct ByteRange: Hashable, Sendable, BitwiseCopyable {
  private let rawStart: UInt32
  private let rawCount: UInt32

  /// Creates the range of `count` bytes from `start`. Both must be within a buffer of less than 4 GiB.
  init(start: Int, count: Int) {
    rawStart = UInt32(start)
    rawCount = UInt32(count)
  }

  public var start: Int { Int(rawStart) }
  public var count: Int { Int(rawCount) }
  public var end: Int { start + count }

  /// A copy of the bytes. `buffer` must be the one that was decoded.
  public func copy(from buffer: RawSpan) -> [UInt8] {
    buffer.extracting(start..<end).withUnsafeBytes { Array($0) }
  }

  /// The bytes as text. Decoding has checked that they are text.
  public func text(in buffer: RawSpan) -> String {
    buffer.extracting(start..<end).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether two ranges of the same buffer hold the same bytes.
  func hasSameBytes(as other: ByteRange, in buffer: RawSpan) -> Bool {
    guard count == other.count else { return false }
    return buffer.extracting(start..<end).withUnsafeBytes { bytes in
      buffer.extracting(other.start..<other.end).withUnsafeBytes { bytes.elementsEqual($0) }
    }
  }
}

extension Reader {
  /// Moves past bytes after a `UInt8` length of at most `limit`.
  @inline(__always)
  mutating func shortRange(limit: Int, _ field: StaticText) throws(CodecError) -> ByteRange {
    let count = Int(try byte())
    guard count <= limit else { throw .tooLong(field: field, value: UInt64(count), limit: UInt64(limit)) }
    return ByteRange(start: try skip(count), count: count)
  }

  /// Moves past bytes after a `UInt16` length of at most `limit`.
  mutating func mediumRange(limit: Int, _ field: StaticText) throws(CodecError) -> ByteRange {
    let count = Int(try integer(UInt16.self))
    guard count <= limit else { throw .tooLong(field: field, value: UInt64(count), limit: UInt64(limit)) }
    return ByteRange(start: try skip(count), count: count)
  }

  /// Moves past text after a `UInt16` length of at most `limit`: UTF-8 without control characters.
  mutating func textRange(limit: Int, _ field: StaticText) throws(CodecError) -> ByteRange {
    let range = try mediumRange(limit: limit, field)
    let text = span.extracting(range.start..<range.end)
    guard text.withUnsafeBytes({ PlainText.isValid($0) }) else { throw .notCanonical(field: field) }
    return range
  }
}

extension Writer {
  /// Writes a `UInt16` length, then the bytes. A length that does not fit is written as the largest, which every
  /// limit refuses.
  mutating func mediumBytes(_ value: [UInt8]) {
    integer(UInt16(clamping: value.count))
    raw(value)
  }

  /// Writes a `UInt16` length, then the text.
  mutating func text(_ value: String) {
    mediumBytes(Array(value.utf8))
  }
}
