package import Ledger
package import Primitives

/// The configuration that a replica needs before its first step. Intervals are in microseconds.
package struct ReplicaConfiguration: Sendable {
  package var chain: ChainContext
  /// Those of the running epoch.
  package private(set) var validators: ValidatorSet
  /// Those of the first epoch.
  let firstValidators: ValidatorSet
  /// The peers that the node may have links with.
  package private(set) var peers: PeerDirectory
  /// The node's own index among the validators; nil for a node that only follows.
  package private(set) var own: ValidatorIndex?
  private let voteKey: PublicKey?
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

  /// - Parameter validators: those of the first epoch.
  /// - Parameter voteKey: the node's own vote key, which determines the validator that this node is; nil for a node
  ///   that only follows.
  package init(
    genesis: Genesis, chain: ChainContext, validators: ValidatorSet, peers: PeerDirectory, voteKey: PublicKey?
  ) {
    self.chain = chain
    self.validators = validators
    firstValidators = validators
    self.peers = peers
    self.voteKey = voteKey
    own = voteKey.flatMap { validators.index(ofVoteKey: $0) }
    pool = Mempool.Bounds()
    offerInterval = 2_000_000
    statusInterval = 1_000_000
    (delta, maximumDelta, retryInterval, silenceLimit) = (0, 0, 0, 0)
    setTimes(genesis.leaderTimeoutMilliseconds)
  }

  private mutating func setTimes(_ leaderTimeoutMilliseconds: UInt32) {
    delta = UInt64(leaderTimeoutMilliseconds) * 1000
    maximumDelta = max(4_000_000, delta)
    retryInterval = max(delta, 200_000)
    // If nothing comes through an established link, the missing status reveals it.
    silenceLimit = 3 * max(statusInterval, delta)
  }

  /// Takes over the validators of an epoch, and the times that follow from its leader time-out.
  package mutating func begin(_ validators: ValidatorSet, leaderTimeoutMilliseconds: UInt32) {
    self.validators = validators
    peers = peers.assigned(to: validators)
    own = voteKey.flatMap { validators.index(ofVoteKey: $0) }
    setTimes(leaderTimeoutMilliseconds)
  }

  /// The node's own id among the peers.
  var ownPeer: PeerID? { own.flatMap { peers.peer($0) } }

  /// Whether this is a known peer other than the node itself, so that its messages are accepted.
  func isOther(_ peer: PeerID) -> Bool { peers.contains(peer) && peer != ownPeer }
}
