/// A 256-bit hash value.
///
/// Stored as four machine words, each read from its eight bytes in big-endian order, so that `<` is the lexicographic
/// order of the bytes and bit 0 is the most significant bit of the first byte (the order of the state map).
@frozen
public struct Digest: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// The length of the encoded form, in bytes.
  public static let byteCount = 32

  public var word0: UInt64
  public var word1: UInt64
  public var word2: UInt64
  public var word3: UInt64

  @inlinable
  public init(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
    self.word0 = word0
    self.word1 = word1
    self.word2 = word2
    self.word3 = word3
  }

  /// All bits zero. Stands for "none" where a format needs a field of fixed size.
  public static let zero = Digest(0, 0, 0, 0)

  /// Creates the digest whose 32 bytes are `bytes`. Returns nil if `bytes` has another length.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Digest.byteCount else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    for (index, byte) in bytes.enumerated() {
      switch index >> 3 {
      case 0: words.0 = words.0 << 8 | UInt64(byte)
      case 1: words.1 = words.1 << 8 | UInt64(byte)
      case 2: words.2 = words.2 << 8 | UInt64(byte)
      default: words.3 = words.3 << 8 | UInt64(byte)
      }
    }
    self.init(words.0, words.1, words.2, words.3)
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    withUnsafeBytes { Array($0) }
  }

  /// Lends the 32 bytes for the duration of `body`.
  @inlinable
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var words = (word0.bigEndian, word1.bigEndian, word2.bigEndian, word3.bigEndian)
    return try Swift.withUnsafeBytes(of: &words) { (raw) throws(Failure) in try body(raw) }
  }

  /// Bit `index`: 0 is the most significant bit of the first byte, 255 the least significant bit of the last.
  @inlinable
  public func bit(_ index: Int) -> Bool {
    precondition(index >= 0 && index < 256, "digest bit \(index) is outside 0...255")
    let word =
      switch index >> 6 {
      case 0: word0
      case 1: word1
      case 2: word2
      default: word3
      }
    return (word >> UInt64(63 - (index & 63))) & 1 == 1
  }

  /// The index of the first bit in which the two digests differ; 256 if they are equal.
  @inlinable
  public func firstDifferingBit(from other: Digest) -> Int {
    if word0 != other.word0 { return (word0 ^ other.word0).leadingZeroBitCount }
    if word1 != other.word1 { return 64 + (word1 ^ other.word1).leadingZeroBitCount }
    if word2 != other.word2 { return 128 + (word2 ^ other.word2).leadingZeroBitCount }
    return 192 + (word3 ^ other.word3).leadingZeroBitCount
  }

  @inlinable
  public static func == (left: Digest, right: Digest) -> Bool {
    (left.word0 ^ right.word0) | (left.word1 ^ right.word1) | (left.word2 ^ right.word2)
      | (left.word3 ^ right.word3) == 0
  }

  @inlinable
  public static func < (left: Digest, right: Digest) -> Bool {
    if left.word0 != right.word0 { return left.word0 < right.word0 }
    if left.word1 != right.word1 { return left.word1 < right.word1 }
    if left.word2 != right.word2 { return left.word2 < right.word2 }
    return left.word3 < right.word3
  }

  /// One word is enough: its bits are uniform already, and Swift's hasher is seeded per process.
  @inlinable
  public func hash(into hasher: inout Hasher) {
    hasher.combine(word0)
  }
}

extension Digest: CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public var description: String { Hex.encode(bytes) }

  /// The first eight hexadecimal digits, for logs and traces.
  public var short: String { String(description.prefix(8)) }

  /// Parses exactly 64 lower-case hexadecimal digits. Returns nil for anything else.
  public init?(hex: some StringProtocol) {
    guard let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes: bytes)
  }
}
