/// Checks the characters of names, eight bytes at a time.
///
/// The rule for every name of the ledger: segments of `[a-z0-9][a-z0-9.-]*`, separated by single slashes. Each
/// segment starts with a letter or digit, so no name can be mistaken for `.` or `..` in a path.
struct NameScanner {
  /// The offset of the first slash; nil if there has been none so far.
  private(set) var firstSlash: Int?
  private var scanned = 0
  // Whether the next byte starts a segment.
  private var atStart = true

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// Accepts the next `count` (1 to 8) bytes, which are at the high end of `word` with zeros below. Returns false if
  /// they break the rule.
  mutating func accept(_ word: UInt64, count: Int) -> Bool {
    // For bytes below 0x80, adding 0x80 - limit sets the top bit exactly if the byte is at least limit, and
    // never carries into the next byte.
    guard word & NameScanner.tops == 0 else { return false }
    func atLeast(_ limit: UInt64) -> UInt64 { word &+ (0x80 - limit) &* NameScanner.ones }
    let letter = atLeast(0x61) & ~atLeast(0x7B)
    let digit = atLeast(0x30) & ~atLeast(0x3A)
    let mark = atLeast(0x2D) & ~atLeast(0x2F)
    let slash = (atLeast(0x2F) & ~atLeast(0x30)) & NameScanner.tops
    let alphanumeric = (letter | digit) & NameScanner.tops
    let allowed = (alphanumeric | mark | slash) & NameScanner.tops
    guard allowed == NameScanner.tops & InlineText.mask(count) else { return false }
    // Sets the top bit of every byte that starts a segment. If that is a padding byte, the name ends with a slash.
    let starts = slash >> 8 | (atStart ? 1 << 63 : 0)
    guard starts & ~alphanumeric == 0 else { return false }
    if firstSlash == nil, slash != 0 { firstSlash = scanned + slash.leadingZeroBitCount / 8 }
    atStart = slash & (1 << 7) != 0
    scanned += count
    return true
  }

  /// Whether the name may end here.
  var isComplete: Bool { !atStart }

  /// Reads `count` (1 to 64) bytes at `start` as two padded texts. The caller must have checked that they are inside
  /// the span.
  @inline(__always)
  static func scan(
    _ span: RawSpan, start: Int, count: Int, into head: inout InlineText, _ tail: inout InlineText
  ) -> NameScanner? {
    var scanner = NameScanner()
    var offset = 0
    var index = 0
    while offset < count {
      let length = min(8, count - offset)
      let word = load(span, at: start + offset, count: length)
      guard scanner.accept(word, count: length) else { return nil }
      if index < 4 { head[index] = word } else { tail[index - 4] = word }
      index += 1
      offset += 8
    }
    return scanner.isComplete ? scanner : nil
  }

  /// Copies `count` (1 to 64) bytes at `start`, of whatever text, and returns whether all are printable ASCII.
  @inline(__always)
  static func load(
    _ span: RawSpan, start: Int, count: Int, into head: inout InlineText, _ tail: inout InlineText
  ) -> Bool {
    var isPrintable = true
    for index in 0...(count - 1) / 8 {
      let length = min(8, count - 8 * index)
      let word = load(span, at: start + 8 * index, count: length)
      if index < 4 { head[index] = word } else { tail[index - 4] = word }
      // Below 0x80, adding 0x60 sets the top bit from 0x20 on, and adding 1 sets it at 0x7F; nothing carries over.
      let printable = (word &+ 0x60 &* ones) & ~(word &+ ones) & ~word & tops
      isPrintable = isPrintable && word & tops == 0 && printable == tops & InlineText.mask(length)
    }
    return isPrintable
  }

  @inline(__always)
  private static func load(_ span: RawSpan, at offset: Int, count: Int) -> UInt64 {
    if offset + 8 <= span.byteCount {
      let word = unsafe span.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self).bigEndian
      return word & InlineText.mask(count)
    }
    var word: UInt64 = 0
    for index in 0..<count {
      let byte = unsafe span.unsafeLoad(fromByteOffset: offset + index, as: UInt8.self)
      word |= UInt64(byte) << UInt64(56 - 8 * index)
    }
    return word
  }
}
