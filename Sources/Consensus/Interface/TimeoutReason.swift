/// The reason why this node gave up a view.
package enum TimeoutReason: String, Sendable, CaseIterable {
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
