import Foundation
import LedgerJSON
import Primitives

/// Injects faults and heals them. Checks here what must be true of the affected node itself, such as that it returns;
/// the checker judges the chain afterwards.
struct FaultRunner: Sendable {
  let cluster: ChaosCluster
  let load: Load
  let votes: VoteMonitor
  let changes: SetChangeBook
  let clock: FakeClock?
  let system: SystemFaults?
  /// The folder for copies of directories.
  let folder: String
  let story: Story
  /// When the chain began. With a clock behind that time, a node cannot start at all.
  let begun: ContinuousClock.Instant

  /// How long to wait until a node notices a fault, or follows the chain after a restart.
  static let noticeLimit = Duration.seconds(40)

  /// Injects the faults of a step concurrently and heals them.
  func run(_ step: Step) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for fault in step.faults { group.addTask { try await run(fault) } }
      try await group.waitForAll()
    }
    // Whatever the faults left behind, all networks are healed and every node is running again.
    try await cluster.network?.healAll()
    for node in cluster.nodes {
      await node.resume()
      try await node.start()
    }
  }

  private func run(_ fault: Fault) async throws {
    let node = cluster.node(fault.node)
    switch fault.kind {
    case .kill:
      try await node.kill()
      try await hold(fault)
      try await node.start()
    case .pause:
      await node.pause()
      try await hold(fault)
      await node.resume()
    case .isolate:
      try await cut(fault.node, from: others(than: fault.node), out: true, in: true)
      try await holdWatching(fault)
    case .halves:
      try await split(fault)
    case .oneWay:
      try await cut(fault.node, from: others(than: fault.node), out: fault.isOtherForm, in: !fault.isOtherForm)
      try await holdWatching(fault)
    case .slow:
      try await cluster.network?.shape(fault.node, cluster.shaper)
      try await hold(fault)
    case .fullDisk: try await fillDisk(node, fault)
    case .clock: try await turnClock(node, fault)
    case .storm: try await storm(fault)
    case .wipe:
      try await node.kill()
      try wipe(node, withSnapshots: fault.isOtherForm)
      try await hold(fault)
      try await node.start()
    case .bitFlip:
      try await node.kill()
      try votes.read(node.logFolder, of: node.name)
      story.tell("  " + (try node.flipBit(seed: fault.seed)))
      try await hold(fault)
      try await node.start()
    case .restore: try await restore(node, fault)
    case .twin: try await runTwice(node, fault)
    case .diskErrors: try await failDisk(node, fault)
    case .lyingDisk: try await lieAboutSyncs(node, fault)
    case .validators: try await changeValidators(fault)
    }
  }

  private func hold(_ fault: Fault) async throws {
    try await Task.sleep(for: .milliseconds(fault.milliseconds))
  }

  // MARK: Networks

  /// Lets the fault last, and reports how far each node got meanwhile, so that a reader can see that the cut was
  /// effective.
  private func holdWatching(_ fault: Fault) async throws {
    // Messages that were in transit at the cut do not count.
    try await Task.sleep(for: .milliseconds(300))
    let before = await cluster.statuses()
    try await hold(fault)
    let after = await cluster.statuses()
    let moves = cluster.nodes.indices.map { index -> String in
      guard let from = before[index]?.height, let to = after[index]?.height else { return "no answer" }
      return "\(cluster.nodes[index].name) \(from) to \(to)"
    }
    story.tell("  heights meanwhile: \(moves.joined(separator: ", "))")
  }

  private func others(than number: Int) -> [Int] { cluster.nodes.map(\.number).filter { $0 != number } }

  private func cut(_ number: Int, from others: [Int], out: Bool, in: Bool) async throws {
    guard let network = cluster.network else { return }
    for other in others {
      if out { try await network.cut(from: number, to: other) }
      if `in` { try await network.cut(from: other, to: number) }
    }
  }

  private func split(_ fault: Fault) async throws {
    let count = cluster.nodes.count
    let first = (0..<count / 2).map { (fault.node - 1 + $0) % count + 1 }
    let second = cluster.nodes.map(\.number).filter { !first.contains($0) }
    for number in first { try await cut(number, from: second, out: true, in: true) }
    try await holdWatching(fault)
  }

  // MARK: Processes

  /// Kills all nodes together, then starts and kills each of them repeatedly at its own random times, so that some are
  /// killed while they start.
  private func storm(_ fault: Fault) async throws {
    var random = SeededGenerator(seed: fault.seed)
    await withTaskGroup(of: Void.self) { group in
      for node in cluster.nodes { group.addTask { try? await node.kill() } }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for node in cluster.nodes {
        let pauses = (0..<3).map { _ in
          (down: Int.random(in: 50...800, using: &random), up: Int.random(in: 200...2500, using: &random))
        }
        group.addTask {
          for pause in pauses {
            try await Task.sleep(for: .milliseconds(pause.down))
            try await node.start()
            try await Task.sleep(for: .milliseconds(pause.up))
            try await node.kill()
          }
          try await node.start()
        }
      }
      try await group.waitForAll()
    }
  }

  /// Runs the node with a clock that is wrong by more than the chain accepts. The node may be useless but must do no
  /// harm.
  private func turnClock(_ node: ChaosNode, _ fault: Fault) async throws {
    guard let clock else { return }
    // A node rightly refuses to start if its clock is behind the beginning of the chain.
    let isBehind = fault.isOtherForm && ContinuousClock.now - begun > .seconds(25)
    try await node.kill()
    try await node.start(environment: clock.environment(seconds: isBehind ? -20 : 30))
    try await Task.sleep(for: .milliseconds(fault.milliseconds + 2000))
    try await node.kill()
    try await node.start()
  }
}
