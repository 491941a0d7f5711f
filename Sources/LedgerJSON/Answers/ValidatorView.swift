public import Ledger
public import Primitives

/// A validator as one node sees it. `GET /v1/validators`.
public struct ValidatorView: Codable, Hashable, Sendable {
  /// The place in the ordered set, 0-based.
  public var index: Int
  public var name: Name
  public var member: Name
  public var voteKey: PublicKey
  /// SHA-256 of the TLS key's SubjectPublicKeyInfo.
  public var transportKey: Digest
  /// `host:port` for other validators.
  public var address: String
  /// Whether the answering node has a link to it; true for itself.
  public var connected: Bool
  /// Whether it leads the current view.
  public var leader: Bool

  public init(
    index: Int, name: Name, member: Name, voteKey: PublicKey, transportKey: Digest, address: String, connected: Bool,
    leader: Bool
  ) {
    self.index = index
    self.name = name
    self.member = member
    self.voteKey = voteKey
    self.transportKey = transportKey
    self.address = address
    self.connected = connected
    self.leader = leader
  }
}
