package import Ledger
package import Primitives

extension TransactionView {
  /// Whether its signed bytes, signatures included, are exactly these.
  func hasBytes(_ other: [UInt8]) -> Bool {
    bytes.byteCount == other.count
      && bytes.withUnsafeBytes { own in other.withUnsafeBytes { own.elementsEqual($0) } }
  }
}

extension BlockHeader {
  /// Decodes a whole encoded header.
  package init(bytes: [UInt8], chain: ChainContext) throws(BlockError) {
    var reader = Reader(bytes.span.bytes)
    self = try BlockHeader(from: &reader, chain: chain)
    guard reader.remaining == 0 else {
      throw .encoding(.trailingBytes(offset: reader.offset, count: reader.remaining))
    }
  }
}
