package import Ledger
package import Primitives

/// What a replica needs to know before its first step. Intervals are in microseconds.
package struct ReplicaConfiguration: Sendable {
  package var genesis: Genesis
  package var chain: ChainContext
  package let validators: ValidatorSet
  /// The own place among the validators; nil for a node that only follows.
  package var own: ValidatorIndex?
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

  package init(genesis: Genesis, chain: ChainContext, own: ValidatorIndex?) {
    self.genesis = genesis
    self.chain = chain
    validators = genesis.validatorSet
    self.own = own
    pool = Mempool.Bounds()
    delta = UInt64(genesis.leaderTimeoutMilliseconds) * 1000
    maximumDelta = max(4_000_000, delta)
    retryInterval = max(delta, 200_000)
    offerInterval = 2_000_000
    statusInterval = 1_000_000
    // A link that stands although nothing comes through it is noticed by the status that does not come.
    silenceLimit = 3 * max(statusInterval, delta)
  }
}
