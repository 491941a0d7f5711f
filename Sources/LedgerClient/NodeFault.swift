/// What went wrong with one node.
public struct NodeFault: Hashable, Sendable {
  /// The node's address, as in `LedgerClient.nodes`.
  public var node: String
  public var fault: TransportFault

  public init(node: String, fault: TransportFault) {
    self.node = node
    self.fault = fault
  }
}
