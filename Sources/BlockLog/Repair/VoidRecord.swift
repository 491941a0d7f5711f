/// What stands where nothing can be put back: a record of this kind whose payload begins like this, and goes on
/// with zeros as far as the space goes.
package struct VoidRecord: Hashable, Sendable {
  /// The smallest record has room for so many bytes.
  package static let prefixBytes = 7

  package var kind: UInt8
  package var prefix: [UInt8]

  package init(kind: UInt8, prefix: [UInt8] = []) {
    precondition(kind != 0, "0 is no record kind")
    precondition(prefix.count <= VoidRecord.prefixBytes, "\(prefix.count) bytes do not fit in every record")
    self.kind = kind
    self.prefix = prefix
  }
}
