public import Primitives

/// A transaction in place: its layout and its borrowed bytes.
///
/// Created only from bytes that have been walked over, so reading it cannot fail.
public struct TransactionView: ~Escapable {
  public let layout: TransactionLayout
  /// The signed bytes, to which the ranges in operation views refer.
  public let bytes: RawSpan

  @_lifetime(copy buffer)
  init(_ layout: TransactionLayout, in buffer: RawSpan) {
    self.layout = layout
    self.bytes = buffer.extracting(layout.range.start..<layout.range.end)
  }

  public var id: Digest { layout.id }

  /// The operations in order, decoded one by one without allocation.
  public var operations: OperationCursor {
    @_lifetime(copy self)
    get { OperationCursor(bytes, count: layout.operationCount) }
  }

  /// The signatures in order, decoded one by one without allocation.
  public var signatures: SignatureCursor {
    @_lifetime(copy self)
    get { SignatureCursor(bytes, start: layout.unsignedCount) }
  }
}
