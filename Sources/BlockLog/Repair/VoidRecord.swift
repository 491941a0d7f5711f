/// The record to write where nothing can be put back: it has this kind, and its payload begins with this prefix and
/// continues with guard bytes to the end of its space.
package struct VoidRecord: Hashable, Sendable {
  /// The number of payload bytes that the smallest record has room for.
  package static let prefixBytes = 7

  package var kind: UInt8
  package var prefix: [UInt8]

  package init(kind: UInt8, prefix: [UInt8] = []) {
    precondition(kind != 0, "0 is not a record kind")
    precondition(prefix.count <= VoidRecord.prefixBytes, "\(prefix.count) bytes do not fit in every record")
    self.kind = kind
    self.prefix = prefix
  }
}
