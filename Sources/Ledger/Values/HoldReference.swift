public import Primitives

/// What the parties of a hold call it, such as the number of an order: 1 to 64 bytes of plain text, which distinguishes the
/// open holds of one payer.
@frozen
public struct HoldReference: Hashable, Comparable, Sendable, BitwiseCopyable {
  @usableFromInline let head: InlineText
  @usableFromInline let tail: InlineText

  /// Creates the reference from `text`. Returns nil if `text` breaks the rule.
  public init?(_ text: some StringProtocol) {
    self.init(bytes: Array(text.utf8))
  }

  public init?(bytes: [UInt8]) {
    self.init(bytes.span.bytes, ByteRange(start: 0, count: bytes.count))
  }

  /// Reads a `UInt16` length and as many bytes.
  @inline(__always)
  public init(from reader: inout Reader) throws(CodecError) {
    let range = try reader.mediumRange(limit: Limits.holdReferenceBytes, "hold reference")
    guard let reference = HoldReference(reader.span, range) else { throw .invalid(field: "hold reference") }
    self = reference
  }

  private init?(_ span: RawSpan, _ range: ByteRange) {
    guard (1...Limits.holdReferenceBytes).contains(range.count) else { return nil }
    var (head, tail) = (InlineText(), InlineText())
    let isASCII = NameScanner.load(span, start: range.start, count: range.count, into: &head, &tail)
    guard isASCII || span.extracting(range.start..<range.end).withUnsafeBytes({ PlainText.isValid($0) }) else {
      return nil
    }
    self.head = head
    self.tail = tail
  }

  /// The length in bytes.
  public var count: Int { tail.word0 == 0 ? head.count : InlineText.capacity + tail.count }

  public var bytes: [UInt8] {
    var writer = Writer(capacity: Limits.holdReferenceBytes)
    append(to: &writer)
    return writer.bytes
  }

  /// Writes the length as other texts have it, then the bytes.
  public func encode(into writer: inout Writer) {
    writer.integer(UInt16(count))
    append(to: &writer)
  }

  private func append(to writer: inout Writer) {
    head.append(to: &writer)
    tail.append(to: &writer)
  }

  public static func < (left: HoldReference, right: HoldReference) -> Bool {
    left.head != right.head ? left.head < right.head : left.tail < right.tail
  }
}

extension HoldReference: CustomStringConvertible {
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}
