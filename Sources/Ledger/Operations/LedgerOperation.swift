internal import Primitives

/// What every kind of operation has. `Operation` holds one of them, in a case of the same name.
protocol LedgerOperation: Hashable, Sendable {
  /// The operation as it lies in a buffer; the operation itself where all its fields have a fixed size.
  associatedtype View: LedgerOperationView

  /// Writes the fields in the order of the format, without the kind byte.
  func encode(into writer: inout Writer)
  /// The view's operation, out of the buffer that it was decoded from.
  init(_ view: View, in buffer: RawSpan)
  var touched: TouchedEntries { get }
}

extension LedgerOperation where View == Self {
  init(_ view: View, in buffer: RawSpan) { self = view }
}
