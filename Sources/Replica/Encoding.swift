package import Ledger
package import Primitives

extension TransactionView {
  /// Whether the encoded transaction, including its signatures, has exactly these bytes.
  func hasBytes(_ other: [UInt8]) -> Bool {
    bytes.byteCount == other.count
      && bytes.withUnsafeBytes { own in other.withUnsafeBytes { own.elementsEqual($0) } }
  }
}

extension BlockHeader {
  /// Decodes an encoded header, which must fill all the bytes.
  package init(bytes: [UInt8], chain: ChainContext) throws(BlockError) {
    var reader = Reader(bytes.span.bytes)
    self = try BlockHeader(from: &reader, chain: chain)
    guard reader.remaining == 0 else {
      throw .encoding(.trailingBytes(offset: reader.offset, count: reader.remaining))
    }
  }
}
