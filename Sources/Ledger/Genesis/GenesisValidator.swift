public import Primitives

/// A validator of the first epoch. Its position in genesis is its index.
public struct GenesisValidator: Hashable, Sendable {
  public var name: Name
  /// The member that runs the validator.
  public var member: Name
  /// The key with which its votes are verified.
  public var voteKey: PublicKey
  /// SHA-256 of the SubjectPublicKeyInfo of the validator's TLS key, whatever the suite.
  public var transportKey: Digest
  /// The address at which its peers reach it: `host:port`, with an IPv6 address in brackets.
  public var address: String

  public init(name: Name, member: Name, voteKey: PublicKey, transportKey: Digest, address: String) {
    self.name = name
    self.member = member
    self.voteKey = voteKey
    self.transportKey = transportKey
    self.address = address
  }

  /// Writes name, member, vote key, transport key and address.
  public func encode(into writer: inout Writer) {
    name.encode(into: &writer)
    member.encode(into: &writer)
    writer.publicKey(voteKey)
    writer.digest(transportKey)
    writer.text(address)
  }

  public init(from reader: inout Reader) throws(CodecError) {
    name = try Name(from: &reader, "validator")
    member = try Name(from: &reader, "member")
    voteKey = try reader.publicKey()
    transportKey = try reader.digest()
    address = try NodeAddress.text(&reader)
  }
}
