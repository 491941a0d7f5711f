public import Ledger
public import Primitives

/// A validator as one node sees it. `GET /v1/validators`.
public struct ValidatorView: Codable, Hashable, Sendable {
  /// The index in the ordered set, from 0.
  public var index: Int
  public var name: Name
  public var member: Name
  public var voteKey: PublicKey
  /// SHA-256 of the TLS key's SubjectPublicKeyInfo.
  public var transportKey: Digest
  /// The address for other validators, `host:port`.
  public var address: String
  /// Whether the answering node has a link to the validator; true for the node itself.
  public var connected: Bool
  /// Whether the validator leads the current view.
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
