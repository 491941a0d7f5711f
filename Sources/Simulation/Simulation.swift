package import Ledger
internal import Primitives

/// One run of a whole cluster, decided by its seed and options alone.
///
/// Chaos first, then everything is healed, and the cluster must make progress in bounded time. The promises are checked
/// all along, from outside.
package struct Simulation {
  package let seed: UInt64
  package let options: SwarmOptions
  /// What makes the state of node 0 another one, so that it executes differently.
  package var tampering: ((inout LedgerState) -> Void)?
  /// Sees the traffic; decides nothing.
  package var watch: ((Observation) -> Void)?

  package init(seed: UInt64, options: SwarmOptions) {
    self.seed = seed
    self.options = options
  }

  package func run() -> Report {
    let world = SimulatedCluster(seed: seed, options: options)
    world.tampering = tampering
    world.watch = watch
    watch?(.founded(world.population.genesis))
    for node in world.nodes {
      world.found(node)
      world.start(node)
    }
    world.queue.push(.clients, at: Tick(1000))
    if options.faultPause != nil { world.queue.push(.chaos, at: Tick(10_000)) }
    world.run(until: Tick(options.chaosTicks)) { world.chain.height.rawValue >= options.chaosHeights }
    world.heal()
    world.run(until: world.later(options.healTicks)) { world.isSettled }
    world.demandProgress()
    world.demandRest()
    world.conclude()
    for node in world.nodes { watch?(.disk(node: node.number, node.disk)) }
    world.end()
    return world.report
  }
}
