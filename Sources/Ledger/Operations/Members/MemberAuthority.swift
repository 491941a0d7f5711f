public import Primitives

/// The means by which a member acts: its roles, its keys, and the number of keys that must sign.
public struct MemberAuthority: Hashable, Sendable {
  public var roles: Roles
  /// 1 to 16 keys, strictly ascending.
  public var keys: [PublicKey]
  /// From 1 to the number of keys.
  public var threshold: UInt8

  /// Sorts the keys. A repeated key is kept, and refused by the decoder.
  public init(roles: Roles, keys: [PublicKey], threshold: UInt8) {
    self.roles = roles
    self.keys = keys.sorted()
    self.threshold = threshold
  }

  /// Writes a roles byte, a threshold byte, the number of keys as a byte, and the keys.
  public func encode(into writer: inout Writer) {
    writer.byte(roles.rawValue)
    writer.byte(threshold)
    writer.byte(UInt8(clamping: keys.count))
    for key in keys { writer.publicKey(key) }
  }

  public init(from reader: inout Reader) throws(CodecError) {
    let view = try MemberAuthorityView(from: &reader)
    self.init(view, in: reader.span)
  }

  /// Creates the authority from its view and the buffer from which the view was decoded.
  public init(_ view: MemberAuthorityView, in buffer: RawSpan) {
    roles = view.roles
    threshold = view.threshold
    keys = []
    keys.reserveCapacity(view.keyCount)
    for index in 0..<view.keyCount { keys.append(view.key(at: index, in: buffer)) }
  }
}
