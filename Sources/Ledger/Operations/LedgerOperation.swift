internal import Primitives

/// The requirements on every kind of operation. `Operation` holds one operation, in a case of the same name.
protocol LedgerOperation: Hashable, Sendable {
  /// The operation in the form in which it lies in a buffer; the operation itself if all its fields have a fixed
  /// size.
  associatedtype View: LedgerOperationView

  /// Writes the fields in the order of the format, without the kind byte.
  func encode(into writer: inout Writer)
  /// Creates the operation from its view and the buffer from which the view was decoded.
  init(_ view: View, in buffer: RawSpan)
  var touched: TouchedEntries { get }
}

extension LedgerOperation where View == Self {
  init(_ view: View, in buffer: RawSpan) { self = view }
}
