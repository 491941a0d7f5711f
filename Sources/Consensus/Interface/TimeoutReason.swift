/// The reason why this node gave up a view.
package enum TimeoutReason: Sendable {
  /// The leader's proposal did not arrive within 2Δ.
  case noProposal
  /// The view was not certified within 3Δ.
  case notCertified
  /// The leader itself gave the view up.
  case leaderNullified
  /// f + 1 other validators gave the view up, at least one of them honest.
  case othersGaveUp
  /// Nothing came from the leader for the configured silence, although a quorum was heard.
  case leaderSilent
  /// There is no link to the leader, although there are links to a quorum.
  case leaderAbsent
  /// The leader's proposal is not valid.
  case invalidProposal
  /// This node's own block could not be built or failed its check.
  case buildFailed
  /// The notarized block could not be executed.
  case certificationFailed
  /// The log contains this node's nullify vote for the view.
  case restored
}

extension TimeoutReason {
  /// Whether it speaks against the leader, as far as this node can see.
  package var isLeaders: Bool {
    switch self {
    case .noProposal, .leaderNullified, .othersGaveUp, .leaderSilent, .leaderAbsent, .invalidProposal: true
    case .notCertified, .buildFailed, .certificationFailed, .restored: false
    }
  }

  /// The reason in words, for the operator.
  package var words: String {
    switch self {
    case .noProposal: "its block did not come in time"
    case .notCertified: "its block was not certified in time"
    case .leaderNullified: "the leader itself gave it up"
    case .othersGaveUp: "other validators gave it up"
    case .leaderSilent: "nothing came from the leader"
    case .leaderAbsent: "there was no link to the leader"
    case .invalidProposal: "its block was not valid"
    case .buildFailed: "this node could not build a block"
    case .certificationFailed: "its block could not be executed"
    case .restored: "this node had given it up before it was started"
    }
  }
}
