public import Primitives

/// The name of a collection of anchored records: segments of the form of names, separated by single slashes, at most
/// 64 bytes in total.
@frozen
public struct CollectionName: Hashable, Comparable, Sendable, BitwiseCopyable {
  @usableFromInline let head: InlineText
  @usableFromInline let tail: InlineText

  /// Creates the name from `text`. Returns nil if `text` breaks the rule.
  public init?(_ text: some StringProtocol) {
    self.init(bytes: Array(text.utf8))
  }

  public init?(bytes: [UInt8]) {
    self.init(bytes.span.bytes, start: 0, count: bytes.count)
  }

  init?(_ span: RawSpan, start: Int, count: Int) {
    guard count >= 1, count <= Limits.recordCollectionBytes else { return nil }
    var head = InlineText()
    var tail = InlineText()
    guard NameScanner.scan(span, start: start, count: count, into: &head, &tail) != nil else { return nil }
    self.head = head
    self.tail = tail
  }

  /// The length in bytes.
  public var count: Int { tail.word0 == 0 ? head.count : InlineText.capacity + tail.count }

  public var bytes: [UInt8] {
    var writer = Writer(capacity: Limits.recordCollectionBytes)
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

  public init(from reader: inout Reader) throws(CodecError) {
    let range = try reader.shortRange(limit: Limits.recordCollectionBytes, "collection")
    guard let name = CollectionName(reader.span, start: range.start, count: range.count) else {
      throw .invalid(field: "collection")
    }
    self = name
  }

  public static func < (left: CollectionName, right: CollectionName) -> Bool {
    left.head != right.head ? left.head < right.head : left.tail < right.tail
  }
}

extension CollectionName: CustomStringConvertible {
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}
