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
    address = try reader.textRange(limit: Limits.addressBytes, "address").text(in: reader.span)
    guard GenesisValidator.isAddress(address) else { throw .invalid(field: "address (host:port)") }
  }

  /// Whether `address` is visible ASCII and consists of a host, a colon and a port from 1 to 65535 without leading
  /// zeros.
  private static func isAddress(_ address: String) -> Bool {
    let bytes = Array(address.utf8)
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")), colon > 0,
      bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { return false }
    let digits = bytes[(colon + 1)...]
    guard (1...5).contains(digits.count), digits.first != UInt8(ascii: "0") else { return false }
    var port = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return false }
      port = port * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return port <= 65535
  }
}
