/// Writes the canonical encoding that `Reader` reads, into a growing buffer.
@frozen
public struct Writer: Sendable {
  @usableFromInline var buffer: [UInt8]

  @inlinable
  public init(capacity: Int = 0) {
    buffer = []
    buffer.reserveCapacity(capacity)
  }

  /// Starts a statement of the kind that `domain` names.
  @inlinable
  public init(_ domain: Domain, capacity: Int = 256) {
    self.init(capacity: capacity)
    integer(domain.word)
  }

  /// The bytes written so far.
  @inlinable public var bytes: [UInt8] { buffer }
  @inlinable public var count: Int { buffer.count }

  /// Discards the bytes written so far but keeps the buffer.
  @inlinable
  public mutating func reset() { buffer.removeAll(keepingCapacity: true) }

  @inlinable
  public mutating func integer<Value: FixedWidthInteger>(_ value: Value) {
    withUnsafeBytes(of: value.littleEndian) { buffer.append(contentsOf: $0) }
  }

  @inlinable public mutating func byte(_ value: UInt8) { buffer.append(value) }

  @inlinable
  public mutating func digest(_ digest: Digest) {
    digest.withUnsafeBytes { buffer.append(contentsOf: $0) }
  }

  @inlinable
  public mutating func publicKey(_ key: PublicKey) {
    byte(key.prefix)
    digest(key.body)
  }

  @inlinable
  public mutating func signature(_ signature: Signature) {
    digest(signature.first)
    digest(signature.second)
  }

  /// Writes a count as `UInt32`.
  @inlinable public mutating func count(_ count: Int) { integer(UInt32(count)) }

  /// Writes the bytes without a length.
  @inlinable public mutating func raw(_ value: [UInt8]) { buffer.append(contentsOf: value) }

  /// Writes the bytes without a length.
  @inlinable
  public mutating func raw(_ value: RawSpan) {
    value.withUnsafeBytes { buffer.append(contentsOf: $0) }
  }

  /// Writes a `UInt8` length, then the bytes. The caller must have checked the length against its limit.
  @inlinable
  public mutating func shortBytes(_ value: [UInt8]) {
    byte(UInt8(value.count))
    raw(value)
  }

  /// Writes a `UInt32` length, then the bytes.
  @inlinable
  public mutating func longBytes(_ value: [UInt8]) {
    count(value.count)
    raw(value)
  }
}
