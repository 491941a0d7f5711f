public import Ledger
public import Primitives

/// The identity and current state of a node. `GET /v1/status`.
public struct NodeStatus: Codable, Hashable, Sendable {
  public var chain: ChainView
  /// The node's name in the chain's directory, and the member that runs it; absent if the directory does not list it.
  public var node: Name?
  public var member: Name?
  public var role: NodeRole
  /// The height of the last finalized block.
  public var height: Height
  public var block: Digest
  public var blockTime: Timestamp
  /// The running epoch, and the view in it.
  public var epoch: UInt64
  public var view: UInt64
  /// The validator that leads the current view.
  public var leader: Name?
  public var mempool: MempoolView
  public var peers: [PeerView]
  /// The time of the node's own clock.
  public var time: Timestamp
  public var uptimeMilliseconds: UInt64
  public var versions: VersionsView
  /// The reason why the node stopped voting; absent if it did not stop.
  public var stopped: ErrorDetail?

  public init(
    chain: ChainView, node: Name?, member: Name?, role: NodeRole, height: Height, block: Digest, blockTime: Timestamp,
    epoch: UInt64, view: UInt64, leader: Name?, mempool: MempoolView, peers: [PeerView], time: Timestamp,
    uptimeMilliseconds: UInt64,
    versions: VersionsView, stopped: ErrorDetail? = nil
  ) {
    self.chain = chain
    self.node = node
    self.member = member
    self.role = role
    self.height = height
    self.block = block
    self.blockTime = blockTime
    self.epoch = epoch
    self.view = view
    self.leader = leader
    self.mempool = mempool
    self.peers = peers
    self.time = time
    self.uptimeMilliseconds = uptimeMilliseconds
    self.versions = versions
    self.stopped = stopped
  }

  /// The node's name and member, for people.
  public var label: String {
    guard let node, let member else { return "a node that the chain's directory does not list" }
    return "\(node) of \(member)"
  }
}
