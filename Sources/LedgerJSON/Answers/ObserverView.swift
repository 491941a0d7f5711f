public import Ledger
public import Primitives

/// A node of the directory that is no validator, as one node sees it. `GET /v1/observers`.
public struct ObserverView: Codable, Hashable, Sendable {
  public var name: Name
  public var member: Name
  /// SHA-256 of the SubjectPublicKeyInfo of each of its TLS keys: one, or two while it changes its key.
  public var transportKeys: [Digest]
  /// Where its peers reach it, each `host:port`, in the order in which they are tried.
  public var addresses: [String]
  /// Whether the answering node has a link to it; true for the node itself.
  public var connected: Bool
  /// The height that it last reported; absent before its first report.
  public var height: Height?

  public init(node: DirectoryEntry, connected: Bool, height: Height?) {
    name = node.name
    member = node.member
    transportKeys = node.pins
    addresses = node.addresses
    self.connected = connected
    self.height = height
  }
}
