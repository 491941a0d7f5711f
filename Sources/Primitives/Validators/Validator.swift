/// One validator of a set: what others need to reach it and to check its votes.
public struct Validator: Hashable, Sendable {
  /// Unique within the set.
  public var name: String
  /// The key of its votes.
  public var voteKey: PublicKey
  /// SHA-256 of the SubjectPublicKeyInfo of its TLS key (as in RFC 7469, section 2.4).
  public var pin: Digest

  public init(name: String, voteKey: PublicKey, pin: Digest) {
    self.name = name
    self.voteKey = voteKey
    self.pin = pin
  }
}
