internal import Consensus
internal import Primitives

/// A notarized block that is to be executed.
struct PendingCertification {
  var proposal: Proposal
  var parent: BlockReference
}
