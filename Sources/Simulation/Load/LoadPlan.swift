/// The properties of a run under load: a cluster without faults and an even load of single transfers.
package struct LoadPlan: Equatable, Sendable {
  package var validators = 4
  package var seed: UInt64 = 1
  package var costs = SimulatedCosts()
  package var sites = SiteDelays.lan
  /// The leader time-out in genesis, Δ of the protocol.
  package var leaderTimeoutMilliseconds: UInt32 = 1000
  /// Transactions that clients offer per second, to all nodes in turn, and the number in each call.
  package var offeredPerSecond = 20.0
  package var callSize = 1
  /// Bytes in the memo of each transfer, which make up for the short names of the simulation.
  package var memoBytes = 64
  /// Transactions that may wait for finality at the same time, over all nodes. Clients do not exceed it.
  package var inFlight = Int.max
  /// Final blocks before the measurement, and measured blocks.
  package var warmUpBlocks = 4
  package var blocks = 20
  /// Simulated seconds after which the run ends, even if blocks are missing.
  package var maximumSeconds: UInt64 = 60

  package init() {}
}
