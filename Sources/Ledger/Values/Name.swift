public import Primitives

/// The name of a member or an asset: `[a-z0-9][a-z0-9.-]{0,31}`.
///
/// Stored in place in 32 bytes and compared in byte order.
@frozen
public struct Name: Hashable, Comparable, Sendable, BitwiseCopyable {
  @usableFromInline let text: InlineText

  init(unchecked text: InlineText) { self.text = text }

  /// Creates the name from `text`. Returns nil if `text` breaks the rule.
  public init?(_ text: some StringProtocol) {
    self.init(bytes: Array(text.utf8))
  }

  public init?(bytes: [UInt8]) {
    self.init(bytes.span.bytes, start: 0, count: bytes.count)
  }

  @inline(__always)
  init?(_ span: RawSpan, start: Int, count: Int) {
    guard count >= 1, count <= Limits.nameBytes else { return nil }
    var head = InlineText()
    var tail = InlineText()
    guard let scanner = NameScanner.scan(span, start: start, count: count, into: &head, &tail),
      scanner.firstSlash == nil
    else { return nil }
    text = head
  }

  /// The length in bytes.
  public var count: Int { text.count }

  public var bytes: [UInt8] {
    var writer = Writer(capacity: Limits.nameBytes)
    text.append(to: &writer)
    return writer.bytes
  }

  /// Writes a length byte, then the bytes.
  public func encode(into writer: inout Writer) {
    writer.byte(UInt8(count))
    text.append(to: &writer)
  }

  @inline(__always)
  public init(from reader: inout Reader, _ field: StaticText = "name") throws(CodecError) {
    let range = try reader.shortRange(limit: Limits.nameBytes, field)
    guard let name = Name(reader.span, start: range.start, count: range.count) else { throw .invalid(field: field) }
    self = name
  }

  public static func == (left: Name, right: Name) -> Bool { left.text == right.text }
  public static func < (left: Name, right: Name) -> Bool { left.text < right.text }
}

extension Name: CustomStringConvertible {
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}
