/// Reads the canonical encoding: little-endian integers and length-prefixed bytes. Every bound is checked before
/// anything is allocated. Bounds checks and byte order are dealt with only here and in `Writer`.
public struct Reader: ~Escapable {
  /// All of the input. A caller that reads from it directly must have checked the range with `skip`.
  public let span: RawSpan
  @usableFromInline var position: Int

  @_lifetime(copy span)
  @inlinable
  public init(_ span: RawSpan) {
    self.span = span
    self.position = 0
  }

  /// The offset of the next byte to read.
  @inlinable public var offset: Int { position }
  @inlinable public var remaining: Int { span.byteCount - position }

  /// Moves past `count` bytes and returns the offset at which they begin.
  @_lifetime(self: copy self)
  @inlinable
  public mutating func skip(_ count: Int) throws(CodecError) -> Int {
    guard count >= 0, count <= remaining else {
      throw .truncated(offset: span.byteCount, missing: count - remaining)
    }
    let start = position
    position += count
    return start
  }

  @_lifetime(self: copy self)
  @inlinable
  public mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type = Value.self
  ) throws(CodecError) -> Value {
    let start = try skip(MemoryLayout<Value>.size)
    return Value(littleEndian: unsafe span.unsafeLoadUnaligned(fromByteOffset: start, as: Value.self))
  }

  @_lifetime(self: copy self)
  @inlinable
  public mutating func byte() throws(CodecError) -> UInt8 { try integer() }

  @_lifetime(self: copy self)
  @inlinable
  public mutating func digest() throws(CodecError) -> Digest {
    let start = try skip(Digest.byteCount)
    let words = unsafe span.unsafeLoadUnaligned(
      fromByteOffset: start, as: (UInt64, UInt64, UInt64, UInt64).self)
    return Digest(words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
  }

  @_lifetime(self: copy self)
  @inlinable
  public mutating func publicKey() throws(CodecError) -> PublicKey {
    PublicKey(prefix: try byte(), body: try digest())
  }

  @_lifetime(self: copy self)
  @inlinable
  public mutating func signature() throws(CodecError) -> Signature {
    Signature(first: try digest(), second: try digest())
  }

  /// A `UInt32` count of at most `limit`.
  @_lifetime(self: copy self)
  @inlinable
  public mutating func count(limit: Int, _ field: StaticText) throws(CodecError) -> Int {
    let count: UInt32 = try integer()
    guard count <= limit else { throw .tooLong(field: field, value: UInt64(count), limit: UInt64(limit)) }
    return Int(count)
  }

  /// A copy of the next `count` bytes.
  @_lifetime(self: copy self)
  @inlinable
  public mutating func bytes(_ count: Int) throws(CodecError) -> [UInt8] {
    let start = try skip(count)
    return span.extracting(start..<start + count).withUnsafeBytes { Array($0) }
  }

  /// Bytes with a `UInt8` length of at most `limit`.
  @_lifetime(self: copy self)
  @inlinable
  public mutating func shortBytes(limit: Int, _ field: StaticText) throws(CodecError) -> [UInt8] {
    let count = try byte()
    guard count <= limit else { throw .tooLong(field: field, value: UInt64(count), limit: UInt64(limit)) }
    return try bytes(Int(count))
  }

  /// Bytes with a `UInt32` length of at most `limit`.
  @_lifetime(self: copy self)
  @inlinable
  public mutating func longBytes(limit: Int, _ field: StaticText) throws(CodecError) -> [UInt8] {
    let count = try count(limit: limit, field)
    return try bytes(count)
  }

  /// Throws if any bytes are left over. Every decoder of a whole message ends with this call.
  @inlinable
  public func end() throws(CodecError) {
    guard remaining == 0 else { throw .trailingBytes(offset: offset, count: remaining) }
  }

  /// Decodes all of `bytes` with `decode` and refuses trailing bytes.
  @inlinable
  public static func whole<Value>(
    _ bytes: [UInt8], _ decode: (inout Reader) throws(CodecError) -> Value
  ) throws(CodecError) -> Value {
    var reader = Reader(bytes.span.bytes)
    let value = try decode(&reader)
    try reader.end()
    return value
  }
}
