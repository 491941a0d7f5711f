public import Primitives

/// A decoded member authority whose keys are still in the buffer.
@frozen
public struct MemberAuthorityView: Hashable, Sendable, BitwiseCopyable {
  public let roles: Roles
  public let threshold: UInt8
  private let keys: ByteRange

  public var keyCount: Int { keys.count / PublicKey.byteCount }

  public init(from reader: inout Reader) throws(CodecError) {
    roles = try Roles(from: &reader)
    threshold = try reader.byte()
    let count = Int(try reader.byte())
    guard count <= Limits.memberKeys else {
      throw .tooLong(field: "keys", value: UInt64(count), limit: UInt64(Limits.memberKeys))
    }
    guard threshold >= 1, threshold <= count else { throw .invalid(field: "threshold (from 1 to the number of keys)") }
    keys = ByteRange(start: reader.offset, count: count * PublicKey.byteCount)
    var previous: PublicKey?
    for _ in 0..<count {
      let key = try reader.publicKey()
      if let previous, previous >= key { throw .notCanonical(field: "keys (strictly ascending)") }
      previous = key
    }
  }

  /// Key `index`, read from the buffer from which this view was decoded.
  public func key(at index: Int, in buffer: RawSpan) -> PublicKey {
    precondition(index >= 0 && index < keyCount, "key \(index) of \(keyCount)")
    let start = keys.start + index * PublicKey.byteCount
    let prefix = unsafe buffer.unsafeLoad(fromByteOffset: start, as: UInt8.self)
    let words = unsafe buffer.unsafeLoadUnaligned(
      fromByteOffset: start + 1, as: (UInt64, UInt64, UInt64, UInt64).self)
    return PublicKey(
      prefix: prefix,
      body: Digest(words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian))
  }
}
