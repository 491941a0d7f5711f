public import Ledger
public import Primitives

/// What a node is and does. `GET /v1/status`.
public struct NodeStatus: Codable, Hashable, Sendable {
  public var chain: ChainView
  /// The validator that the node is.
  public var node: Name
  public var member: Name
  /// The last finalized block.
  public var height: Height
  public var block: Digest
  public var blockTime: Timestamp
  public var view: UInt64
  /// The validator that leads the view.
  public var leader: Name
  public var mempool: MempoolView
  public var peers: [PeerView]
  /// The node's own clock.
  public var time: Timestamp
  public var uptimeMilliseconds: UInt64
  public var versions: VersionsView
  /// Why the node stopped voting; absent if it did not.
  public var stopped: ErrorDetail?

  public init(
    chain: ChainView, node: Name, member: Name, height: Height, block: Digest, blockTime: Timestamp, view: UInt64,
    leader: Name, mempool: MempoolView, peers: [PeerView], time: Timestamp, uptimeMilliseconds: UInt64,
    versions: VersionsView, stopped: ErrorDetail? = nil
  ) {
    self.chain = chain
    self.node = node
    self.member = member
    self.height = height
    self.block = block
    self.blockTime = blockTime
    self.view = view
    self.leader = leader
    self.mempool = mempool
    self.peers = peers
    self.time = time
    self.uptimeMilliseconds = uptimeMilliseconds
    self.versions = versions
    self.stopped = stopped
  }
}

/// Which chain.
public struct ChainView: Codable, Hashable, Sendable {
  public var name: String
  public var suite: Suite
  /// The digest of the genesis: what transactions and signatures are bound to.
  public var genesis: Digest

  public init(name: String, suite: Suite, genesis: Digest) {
    self.name = name
    self.suite = suite
    self.genesis = genesis
  }

  public var context: ChainContext { ChainContext(suite: suite, genesis: genesis) }
}

/// Transactions that wait for a block.
public struct MempoolView: Codable, Hashable, Sendable {
  public var transactions: Int
  public var bytes: Int

  public init(transactions: Int, bytes: Int) {
    self.transactions = transactions
    self.bytes = bytes
  }
}

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

public struct VersionsView: Codable, Hashable, Sendable {
  /// The program's version.
  public var software: String
  /// The version of this API, 1.
  public var api: Int

  public init(software: String, api: Int = 1) {
    self.software = software
    self.api = api
  }
}
