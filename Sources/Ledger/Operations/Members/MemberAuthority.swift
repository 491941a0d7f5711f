public import Primitives

/// With what a member acts: its roles, its keys, and how many of the keys must sign.
public struct MemberAuthority: Hashable, Sendable {
  public var roles: Roles
  /// 1...16 keys, strictly ascending.
  public var keys: [PublicKey]
  /// 1...number of keys.
  public var threshold: UInt8

  /// Puts the keys in order; a repeated key stays and is refused by the decoder.
  public init(roles: Roles, keys: [PublicKey], threshold: UInt8) {
    self.roles = roles
    self.keys = keys.sorted()
    self.threshold = threshold
  }

  /// Roles byte, threshold byte, number of keys as a byte, keys.
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

  /// The view's authority, out of the buffer that it was decoded from.
  public init(_ view: MemberAuthorityView, in buffer: RawSpan) {
    roles = view.roles
    threshold = view.threshold
    keys = []
    keys.reserveCapacity(view.keyCount)
    for index in 0..<view.keyCount { keys.append(view.key(at: index, in: buffer)) }
  }
}
