internal import NodeCore
internal import Primitives

/// The repair of a node's log before the node starts. Meanwhile it only asks for final blocks.
final class SimulatedRepair {
  let plan: RepairPlan
  var fetch: FinalFetch
  /// By height, the peers that said that they do not have the block.
  var denied: [Height: Set<PeerID>] = [:]

  init(plan: RepairPlan, fetch: consuming FinalFetch) {
    self.plan = plan
    self.fetch = fetch
  }
}
