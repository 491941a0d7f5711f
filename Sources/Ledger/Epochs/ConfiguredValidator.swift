public import Primitives

/// A validator of an epoch, as its configuration lists it. Its position there is its index.
public struct ConfiguredValidator: Hashable, Sendable {
  public var name: Name
  /// The member that runs the validator.
  public var member: Name
  /// The key with which its votes are verified.
  public var voteKey: PublicKey

  public init(name: Name, member: Name, voteKey: PublicKey) {
    self.name = name
    self.member = member
    self.voteKey = voteKey
  }

  /// Writes name, member and vote key.
  func encode(into writer: inout Writer) {
    name.encode(into: &writer)
    member.encode(into: &writer)
    writer.publicKey(voteKey)
  }

  init(from reader: inout Reader) throws(CodecError) {
    name = try Name(from: &reader, "validator")
    member = try Name(from: &reader, "member")
    voteKey = try reader.publicKey()
  }
}
