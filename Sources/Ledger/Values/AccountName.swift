public import Primitives

/// The name of an account: `member` or `member/path`, at most 64 bytes.
///
/// The path is one or more segments of the form of names, separated by single slashes. The part before the first
/// slash is the owner. Stored in place in 64 bytes and compared in byte order.
@frozen
public struct AccountName: Hashable, Comparable, Sendable, BitwiseCopyable {
  @usableFromInline let head: InlineText
  @usableFromInline let tail: InlineText

  /// Creates the name of the account that is named like its member.
  public init(_ owner: Name) {
    head = owner.text
    tail = InlineText()
  }

  /// Creates the name from `text`. Returns nil if `text` breaks the rule.
  public init?(_ text: some StringProtocol) {
    self.init(bytes: Array(text.utf8))
  }

  public init?(bytes: [UInt8]) {
    self.init(bytes.span.bytes, start: 0, count: bytes.count)
  }

  @inline(__always)
  init?(_ span: RawSpan, start: Int, count: Int) {
    guard count >= 1, count <= Limits.accountBytes else { return nil }
    var head = InlineText()
    var tail = InlineText()
    guard let scanner = NameScanner.scan(span, start: start, count: count, into: &head, &tail),
      scanner.firstSlash ?? count <= Limits.nameBytes
    else { return nil }
    self.head = head
    self.tail = tail
  }

  /// The member before the first slash.
  public var owner: Name {
    for index in 0..<4 {
      // Sets the top bit of every byte that is a slash. All bytes are below 0x80.
      let marked = head[index] ^ 0x2F2F_2F2F_2F2F_2F2F
      let slashes = ~(marked &+ 0x7F7F_7F7F_7F7F_7F7F) & 0x8080_8080_8080_8080
      if slashes != 0 { return Name(unchecked: head.prefix(8 * index + slashes.leadingZeroBitCount / 8)) }
    }
    return Name(unchecked: head)
  }

  /// The length in bytes.
  public var count: Int { tail.word0 == 0 ? head.count : InlineText.capacity + tail.count }

  public var bytes: [UInt8] {
    var writer = Writer(capacity: Limits.accountBytes)
    append(to: &writer)
    return writer.bytes
  }

  /// Writes a length byte, then the bytes.
  public func encode(into writer: inout Writer) {
    writer.byte(UInt8(count))
    append(to: &writer)
  }

  private func append(to writer: inout Writer) {
    head.append(to: &writer)
    tail.append(to: &writer)
  }

  @inline(__always)
  public init(from reader: inout Reader, _ field: StaticText = "account") throws(CodecError) {
    let range = try reader.shortRange(limit: Limits.accountBytes, field)
    guard let name = AccountName(reader.span, start: range.start, count: range.count) else {
      throw .invalid(field: field)
    }
    self = name
  }

  public static func == (left: AccountName, right: AccountName) -> Bool {
    left.head == right.head && left.tail == right.tail
  }

  public static func < (left: AccountName, right: AccountName) -> Bool {
    left.head != right.head ? left.head < right.head : left.tail < right.tail
  }

  public func hash(into hasher: inout Hasher) {
    head.hash(into: &hasher)
    if tail.word0 != 0 { tail.hash(into: &hasher) }
  }
}

extension AccountName: CustomStringConvertible {
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}
