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
  /// The node's own index among the validators, which follows from the vote keys that it holds; nil for a node that only
  /// follows.
  package private(set) var own: ValidatorIndex?
  /// Those that the node holds.
  private(set) var voteKeys: [PublicKey]
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
  package var bootstrap: [BootstrapPeer] = []
  /// What the operator knows of an epoch from elsewhere; the node takes no other chain for this one.
  package var checkpoint: Checkpoint?
  /// Whether commits come with the rows that their blocks changed, for readers on other threads.
  package var reportsRows = false

  /// The configuration of the first epoch.
  /// - Parameter chain: that of `genesis`.
  /// - Parameter voteKeys: the vote keys that the node holds.
  package init(genesis: Genesis, chain: ChainContext, voteKeys: [PublicKey]) {
    self.chain = chain
    validators = genesis.validatorSet
    firstValidators = validators
    peers = PeerDirectory(validators)
    self.voteKeys = voteKeys
    own = Self.place(of: voteKeys, in: validators)
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
    self.validators =
      Mutation.keepValidators.isOn
      ? ValidatorSet(epoch: validators.epoch, validators: self.validators.validators) : validators
    peers.assign(self.validators)
    own = Self.place(of: voteKeys, in: self.validators)
    setTimes(leaderTimeoutMilliseconds)
  }

  private static func place(of keys: [PublicKey], in validators: ValidatorSet) -> ValidatorIndex? {
    keys.lazy.compactMap { validators.index(ofVoteKey: $0) }.first
  }

  /// The key with which the node votes in the running epoch.
  var ownKey: PublicKey? {
    if Mutation.keepVoteKey.isOn, own != nil { return voteKeys.first }
    return own.map { validators.voteKey(of: $0) }
  }

  /// Whether more than one of the node's keys are validators of the running epoch (protocol rule R45).
  var isTwoValidators: Bool { voteKeys.count { validators.index(ofVoteKey: $0) != nil } > 1 }

  /// Takes over the names of the nodes that may be linked.
  mutating func list(_ nodes: [String]) { peers.list(nodes, validators: validators) }

  /// Takes over a key that the node holds from now on.
  mutating func hold(_ key: PublicKey) { if !voteKeys.contains(key) { voteKeys.append(key) } }

  /// Forgets a key that was destroyed.
  mutating func drop(_ key: PublicKey) { voteKeys.removeAll { $0 == key } }

  /// The node's own id among the peers.
  var ownPeer: PeerID? { own.flatMap { peers.peer($0) } }

  /// Whether this is a known peer other than the node itself, so that its messages are accepted.
  func isOther(_ peer: PeerID) -> Bool { peers.contains(peer) && peer != ownPeer }
}
