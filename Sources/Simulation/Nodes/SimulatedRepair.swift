internal import NodeCore
internal import Primitives

/// The repair of a node's log.
final class SimulatedRepair {
  enum Purpose {
    /// Of the whole log before the node starts. Meanwhile the node only asks for final blocks.
    case beforeStart(RepairPlan)
    case running(StretchRepair)
  }

  let purpose: Purpose
  /// The validators that are asked.
  let set: SeatedSet
  var fetch: FinalFetch
  /// By height, the peers that said that they do not have the block.
  var denied: [Height: Set<PeerID>] = [:]

  init(_ purpose: Purpose, _ set: SeatedSet, fetch: consuming FinalFetch) {
    self.purpose = purpose
    self.set = set
    self.fetch = fetch
  }
}
