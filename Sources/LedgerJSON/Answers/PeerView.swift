public import Ledger
public import Primitives

/// Another validator, as the node sees its link.
public struct PeerView: Codable, Hashable, Sendable {
  public var name: Name
  public var connected: Bool
  /// The last height that it said it has; absent before it said so.
  public var height: Height?

  public init(name: Name, connected: Bool, height: Height? = nil) {
    self.name = name
    self.connected = connected
    self.height = height
  }
}
