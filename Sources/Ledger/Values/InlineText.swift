internal import Primitives

/// Up to 32 bytes of text without zero bytes, padded with zero bits to four big-endian machine words.
///
/// Padding makes a length field unnecessary and keeps `<` the lexicographic order of the bytes; the fixed size keeps
/// names out of the heap on the hot path.
@frozen
@usableFromInline
struct InlineText: Hashable, Comparable, Sendable, BitwiseCopyable {
  static let capacity = 32

  var word0: UInt64 = 0
  var word1: UInt64 = 0
  var word2: UInt64 = 0
  var word3: UInt64 = 0

  init() {}

  /// Word `index`, from 0 to 3.
  subscript(index: Int) -> UInt64 {
    get {
      switch index {
      case 0: word0
      case 1: word1
      case 2: word2
      default: word3
      }
    }
    set {
      switch index {
      case 0: word0 = newValue
      case 1: word1 = newValue
      case 2: word2 = newValue
      default: word3 = newValue
      }
    }
  }

  /// The length in bytes, without the zero padding.
  var count: Int {
    if word3 != 0 { return 32 - word3.trailingZeroBitCount / 8 }
    if word2 != 0 { return 24 - word2.trailingZeroBitCount / 8 }
    if word1 != 0 { return 16 - word1.trailingZeroBitCount / 8 }
    return word0 == 0 ? 0 : 8 - word0.trailingZeroBitCount / 8
  }

  /// The first `length` bytes, with the rest zero.
  func prefix(_ length: Int) -> InlineText {
    var result = self
    for index in 0..<4 { result[index] &= InlineText.mask(length - 8 * index) }
    return result
  }

  /// Appends the bytes without padding.
  func append(to writer: inout Writer) {
    var left = count
    for index in 0..<4 where left > 0 {
      let word = self[index]
      if left >= 8 {
        writer.integer(word.byteSwapped)
      } else {
        for byte in 0..<left { writer.byte(UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * byte))) }
      }
      left -= 8
    }
  }

  /// Ones over the first `length` bytes of a word: none for 0 and below, all for 8 and above.
  static func mask(_ length: Int) -> UInt64 {
    length <= 0 ? 0 : length >= 8 ? .max : ~(UInt64.max >> UInt64(8 * length))
  }

  @usableFromInline
  static func == (left: InlineText, right: InlineText) -> Bool {
    (left.word0 ^ right.word0) | (left.word1 ^ right.word1) | (left.word2 ^ right.word2)
      | (left.word3 ^ right.word3) == 0
  }

  @usableFromInline
  static func < (left: InlineText, right: InlineText) -> Bool {
    if left.word0 != right.word0 { return left.word0 < right.word0 }
    if left.word1 != right.word1 { return left.word1 < right.word1 }
    if left.word2 != right.word2 { return left.word2 < right.word2 }
    return left.word3 < right.word3
  }

  /// Outsiders choose names, so they go through the process's seeded hasher. Most names have at most 16 bytes, so the
  /// other words are hashed only if they are not zero.
  @usableFromInline
  func hash(into hasher: inout Hasher) {
    hasher.combine(word0)
    hasher.combine(word1)
    if word2 | word3 != 0 {
      hasher.combine(word2)
      hasher.combine(word3)
    }
  }
}
