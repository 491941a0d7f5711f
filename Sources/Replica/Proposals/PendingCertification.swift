internal import Consensus
internal import Primitives

/// A notarized block that must be executed.
struct PendingCertification {
  var proposal: Proposal
  var parent: BlockReference
}
