import Consensus
import Primitives

/// A run with faults drawn from its seed, then a healed world that must make progress.
enum Chaos {
  /// When the faults end.
  static let heal: UInt64 = 1_500_000
  /// How long the healed world may take to finalize a transaction everywhere.
  static let patience: UInt64 = 3_000_000

  static func run(validators: Int, seed: UInt64, traitors: Int, defect: Network.Defect? = nil) -> Network {
    var draw = SeededGenerator(seed: seed &* 1_000 &+ UInt64(validators)).fork("faults")
    var settings = Network.Settings()
    settings.validators = validators
    settings.seed = seed
    settings.defect = defect
    settings.byzantine = Set((0..<validators).shuffled(using: &draw).prefix(traitors))
    // Each seed turns whole classes of faults on or off.
    if Bool.random(using: &draw) { settings.loss = UInt64.random(in: 10...400, using: &draw) }
    if Bool.random(using: &draw) { settings.duplication = UInt64.random(in: 10...300, using: &draw) }
    if Bool.random(using: &draw) { settings.delay = 100...UInt64.random(in: 2_000...60_000, using: &draw) }
    if Bool.random(using: &draw) { settings.sync = 0...UInt64.random(in: 1...20_000, using: &draw) }
    if Bool.random(using: &draw) { settings.execution = 0...UInt64.random(in: 1...40_000, using: &draw) }
    let cuts = Bool.random(using: &draw)
    let crashes = Bool.random(using: &draw) || defect != nil
    // Most mistakes around the log show only when power fails before it is written.
    if defect != nil { settings.sync = 0...40_000 }

    let network = Network(settings)
    for transaction in 0..<20 {
      let at = UInt64.random(in: 0...heal, using: &draw)
      let to = Int.random(in: 0..<network.instances.count, using: &draw)
      network.queue.push(.act { $0.submit(transaction, to: to) }, at: at)
    }
    if cuts {
      for _ in 0..<6 {
        let from = Int.random(in: 0..<network.instances.count, using: &draw)
        let to = Int.random(in: 0..<network.instances.count, using: &draw)
        let both = Bool.random(using: &draw)
        let alone = Int.random(in: 0..<4, using: &draw) == 0
        let at = UInt64.random(in: 0...heal, using: &draw)
        let end = at + UInt64.random(in: 20_000...500_000, using: &draw)
        let count = network.instances.count
        let pairs: [[Int]] =
          alone
          ? (0..<count).flatMap { [[from, $0], [$0, from]] }
          : both ? [[from, to], [to, from]] : [[from, to]]
        network.queue.push(.act { $0.cut.formUnion(pairs) }, at: at)
        network.queue.push(.act { $0.cut.subtract(pairs) }, at: end)
      }
    }
    if crashes {
      for _ in 0..<8 {
        let victim = Int.random(in: 0..<network.instances.count, using: &draw)
        let everybody = Int.random(in: 0..<5, using: &draw) == 0
        let at = UInt64.random(in: 0...heal, using: &draw)
        let length = UInt64.random(in: 1_000...300_000, using: &draw)
        for index in network.instances.indices where everybody || index == victim {
          network.queue.push(.act { $0.crash(index) }, at: at)
          network.queue.push(.act { $0.restart(index) }, at: at + length)
        }
      }
    }
    network.run(until: heal)
    healAndDemandProgress(network)
    return network
  }

  static func healAndDemandProgress(_ network: Network) {
    network.settings.loss = 0
    network.settings.duplication = 0
    network.settings.delay = 100...2_000
    network.settings.sync = 50...1_500
    network.settings.execution = 50...1_500
    network.cut = []
    for index in network.instances.indices { network.restart(index) }
    if let first = network.honest.first { network.submit(1_000, to: first) }
    if !network.run(limit: network.now + patience, until: { $0.isFinalEverywhere(1_000) }) {
      let states = network.instances.map { instance in
        "v\(instance.validator) view \(instance.view) final \(instance.machine?.lastFinalized.view ?? .genesis)"
      }
      network.spy.fail(0, "no progress in \(patience) after healing: \(states)")
    }
    network.spy.finish()
  }
}
