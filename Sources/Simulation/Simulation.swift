package import Ledger
internal import Primitives

/// One run of a whole cluster, determined by its seed and options alone.
///
/// The run begins with faults. Then everything is healed, and the cluster must make progress in bounded time. The
/// promises are checked from outside throughout the run.
package struct Simulation {
  package let seed: UInt64
  package let options: SwarmOptions
  /// Alters the state of node 0, so that it executes differently.
  package var tampering: ((inout LedgerState) -> Void)?
  /// Observes the traffic without influence on the run.
  package var watch: ((Observation) -> Void)?

  package init(seed: UInt64, options: SwarmOptions) {
    self.seed = seed
    self.options = options
  }

  package func run() -> Report {
    let cluster = SimulatedCluster(seed: seed, options: options)
    cluster.tampering = tampering
    cluster.watch = watch
    watch?(.created(cluster.population.genesis))
    for node in cluster.nodes {
      if cluster.isFounded(node) { cluster.createLog(of: node) }
      cluster.start(node)
    }
    if let pause = options.setPause { cluster.queue.push(.operators, at: Tick(pause.lowerBound)) }
    cluster.queue.push(.clients, at: Tick(1000))
    if options.faultPause != nil { cluster.queue.push(.chaos, at: Tick(10_000)) }
    cluster.run(until: Tick(options.chaosTicks)) { cluster.chain.height.rawValue >= options.chaosHeights }
    cluster.heal()
    cluster.run(until: cluster.later(options.healTicks)) { cluster.isSettled }
    cluster.checkProgress()
    cluster.checkLiveness()
    cluster.checkIdleness()
    cluster.finishReport()
    for node in cluster.nodes { watch?(.disk(node: node.number, node.disk)) }
    cluster.releaseNodes()
    return cluster.report
  }
}
