package import Ledger
package import Primitives

/// What a replica needs to know before its first step. Intervals are in microseconds.
package struct ReplicaConfiguration: Sendable {
  package var chain: ChainContext
  package let validators: ValidatorSet
  /// Whom the node may have links with.
  package let peers: PeerDirectory
  /// The own place among the validators; nil for a node that only follows.
  package let own: ValidatorIndex?
  package var pool: Mempool.Bounds
  /// Δ of the protocol, and its cap.
  package var delta: UInt64
  package var maximumDelta: UInt64
  /// How often unanswered votes and fetches are repeated.
  package var retryInterval: UInt64
  /// How long a leader may be silent, while a quorum is heard, before its view is given up at once.
  package var silenceLimit: UInt64
  /// How often waiting transactions are offered again, and the own status is sent.
  package var offerInterval: UInt64
  package var statusInterval: UInt64
  /// The state is pinned for a snapshot at every height that is a multiple of it; 0: never.
  package var snapshotInterval: UInt64 = 0
  /// How many heights a peer must be ahead, by its own word, before a snapshot is asked for.
  package var snapshotGap: UInt64 = 10_000

  /// - Parameter voteKey: the own one, which says which of the validators this node is; nil for a node that only follows.
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
    // A link that stands although nothing comes through it is noticed by the status that does not come.
    silenceLimit = 3 * max(statusInterval, delta)
  }

  /// The own place among the peers.
  var ownPeer: PeerID? { own.flatMap { peers.peer($0) } }

  /// Whether a peer may send something or be asked.
  func isOther(_ peer: PeerID) -> Bool { peers.contains(peer) && peer != ownPeer }
}
