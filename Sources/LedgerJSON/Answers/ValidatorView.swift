public import Ledger
public import Primitives

/// A validator as one node sees it. Part of `GET /v1/validators`.
public struct ValidatorView: Codable, Hashable, Sendable {
  /// The index in the ordered set, from 0.
  public var index: Int
  public var name: Name
  public var member: Name
  public var voteKey: PublicKey
  /// SHA-256 of the SubjectPublicKeyInfo of each of its TLS keys: one, or two while it changes its key.
  public var transportKeys: [Digest]
  /// Where its peers reach it, each `host:port`, in the order in which they are tried.
  public var addresses: [String]
  /// Whether the answering node has a link to the validator; true for the node itself.
  public var connected: Bool
  /// The height that the validator last reported; absent before its first report.
  public var height: Height?
  /// Whether the validator leads the current view.
  public var leader: Bool

  public init(
    index: Int, node: DirectoryEntry, voteKey: PublicKey, connected: Bool, height: Height?, leader: Bool
  ) {
    self.index = index
    name = node.name
    member = node.member
    self.voteKey = voteKey
    transportKeys = node.pins
    addresses = node.addresses
    self.connected = connected
    self.height = height
    self.leader = leader
  }
}
