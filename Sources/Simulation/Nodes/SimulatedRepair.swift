internal import NodeCore
internal import Primitives

/// A node that repairs its log before it starts: it takes part in nothing, and asks for final blocks only.
final class SimulatedRepair {
  let plan: RepairPlan
  var fetch: FinalFetch
  /// Who said of which heights that it does not have them.
  var denied: [Height: Set<PeerID>] = [:]

  init(plan: RepairPlan, fetch: consuming FinalFetch) {
    self.plan = plan
    self.fetch = fetch
  }
}
