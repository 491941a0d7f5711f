public import Ledger
public import Primitives

/// Another validator, with the node's link to it.
public struct PeerView: Codable, Hashable, Sendable {
  public var name: Name
  public var connected: Bool
  /// The height that the peer last reported; absent before its first report.
  public var height: Height?

  public init(name: Name, connected: Bool, height: Height? = nil) {
    self.name = name
    self.connected = connected
    self.height = height
  }
}
