package import Ledger
package import Primitives

/// The configuration that a replica needs before its first step. Intervals are in microseconds.
package struct ReplicaConfiguration: Sendable {
  package var chain: ChainContext
  package let validators: ValidatorSet
  /// The peers that the node may have links with.
  package let peers: PeerDirectory
  /// The node's own index among the validators; nil for a node that only follows.
  package let own: ValidatorIndex?
  package var pool: Mempool.Bounds
  package var logBacklog = LogBacklog.Bounds()
  /// Δ of the protocol, and its cap.
  package var delta: UInt64
  package var maximumDelta: UInt64
  /// The interval at which unanswered votes and fetches are repeated.
  package var retryInterval: UInt64
  /// How long a leader may be silent, while a quorum is heard, before its view is given up immediately.
  package var silenceLimit: UInt64
  /// The intervals at which waiting transactions are offered again and the node's own status is sent.
  package var offerInterval: UInt64
  package var statusInterval: UInt64
  /// How many heights ahead a peer must claim to be before a snapshot is requested.
  package var snapshotGap: UInt64 = 10_000
  /// Whether commits come with the rows that their blocks changed, for readers on other threads.
  package var reportsRows = false

  /// - Parameter voteKey: the node's own vote key, which determines the validator that this node is; nil for a node
  ///   that only follows.
  package init(
    genesis: Genesis, chain: ChainContext, validators: ValidatorSet, peers: PeerDirectory, voteKey: PublicKey?
  ) {
    self.chain = chain
    self.validators = validators
    self.peers = peers
    own = voteKey.flatMap { validators.index(ofVoteKey: $0) }
    pool = Mempool.Bounds()
    delta = UInt64(genesis.leaderTimeoutMilliseconds) * 1000
    maximumDelta = max(4_000_000, delta)
    retryInterval = max(delta, 200_000)
    offerInterval = 2_000_000
    statusInterval = 1_000_000
    // If nothing comes through an established link, the missing status reveals it.
    silenceLimit = 3 * max(statusInterval, delta)
  }

  /// The node's own id among the peers.
  var ownPeer: PeerID? { own.flatMap { peers.peer($0) } }

  /// Whether this is a known peer other than the node itself, so that its messages are accepted.
  func isOther(_ peer: PeerID) -> Bool { peers.contains(peer) && peer != ownPeer }
}
