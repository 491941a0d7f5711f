/// A cluster without faults under an even load of single transfers, to be measured.
package struct LoadPlan: Equatable, Sendable {
  package var validators = 4
  package var seed: UInt64 = 1
  package var costs = SimulatedCosts()
  package var sites = SiteDelays.lan
  /// What genesis names; Δ of the protocol.
  package var leaderTimeoutMilliseconds: UInt32 = 1000
  /// Transactions that clients offer in a second, over all nodes in turn, and those of one call.
  package var offeredPerSecond = 20.0
  package var callSize = 1
  /// Bytes of each transfer's memo, which makes it as long as those with longer names.
  package var memoBytes = 64
  /// Transactions of clients that may wait for finality at once, over all nodes: beyond it clients hold back.
  package var inFlight = Int.max
  /// Final blocks that are not measured, and then those that are.
  package var warmUpBlocks = 4
  package var blocks = 20
  /// Simulated seconds after which the run ends, whatever has become final.
  package var maximumSeconds: UInt64 = 60

  package init() {}
}
