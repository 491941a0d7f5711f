/// Why a view was given up here.
package enum TimeoutReason: String, Sendable, CaseIterable {
  /// The leader's proposal did not come in 2Δ.
  case noProposal
  /// The view was not certified in 3Δ.
  case notCertified
  /// The leader itself gave the view up.
  case leaderNullified
  /// f + 1 others gave it up, at least one of them honest.
  case othersGaveUp
  /// The leader has not been heard for long, although a quorum was.
  case leaderSilent
  /// There is no link to the leader, although there is one to a quorum.
  case leaderAbsent
  /// The leader's proposal is not valid.
  case invalidProposal
  /// The own block could not be built or failed its own check.
  case buildFailed
  /// The notarized block could not be executed.
  case certificationFailed
  /// The log holds the own nullify of this view.
  case restored
}
