/// One validator of a set: the name, the pin by which others recognise it, and the key that verifies its votes.
public struct Validator: Hashable, Sendable {
  /// Unique within the set.
  public var name: String
  /// The key with which its votes are verified.
  public var voteKey: PublicKey
  /// SHA-256 of the SubjectPublicKeyInfo of its TLS key (as in RFC 7469, section 2.4).
  public var pin: Digest

  public init(name: String, voteKey: PublicKey, pin: Digest) {
    self.name = name
    self.voteKey = voteKey
    self.pin = pin
  }
}
