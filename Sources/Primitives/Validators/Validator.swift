/// One validator of a set: its name and the key that verifies its votes.
public struct Validator: Hashable, Sendable {
  /// Unique within the set.
  public var name: String
  /// The key with which its votes are verified.
  public var voteKey: PublicKey

  public init(name: String, voteKey: PublicKey) {
    self.name = name
    self.voteKey = voteKey
  }
}
