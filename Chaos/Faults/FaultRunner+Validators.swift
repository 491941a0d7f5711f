import Foundation
import LedgerClient
import LedgerJSON
import Primitives

/// Changes of the set of validators, under load and while nodes die.
extension FaultRunner {
  /// When a node is killed after a change's command has begun, and how long it stays away, in milliseconds. A command
  /// takes one to two seconds.
  private static let killDelay = 0...1500
  private static let absence = 200...1500

  /// A node joins and becomes a validator, a key changes, a validator is removed, and then takes the new node's place. So
  /// the validators are in the end the same as before, with other indices and keys. The new node leaves, and its disk is
  /// audited.
  func changeValidators(_ fault: Fault) async throws {
    var random = SeededGenerator(seed: fault.seed)
    // Of two nodes the one with the lower name dials.
    let start = fault.isOtherForm ? "a-spare" : "spare"
    let spare = try cluster.newcomer("\(start)-\(String(UInt32(truncatingIfNeeded: fault.seed), radix: 16))")
    do {
      try await changeValidators(with: spare, &random)
    } catch {
      story.tell("  \(spare.name) said last: \(spare.lastWords().joined(separator: " | "))")
      try? await spare.kill()
      await spare.endAsking()
      throw error
    }
    await spare.endAsking()
  }

  private func changeValidators(with spare: ChaosNode, _ random: inout SeededGenerator) async throws {
    let all = cluster.joined(by: spare)
    let administrator = Administrator(all, using: &random)
    try await administrator.admit(spare)
    try await spare.start()
    _ = try await all.waitForProgress(within: Run.progressLimit, after: "the start of \(spare.name)")
    let rekeyed = all.nodes.randomElement(using: &random) ?? spare
    let leaving = cluster.nodes.randomElement(using: &random) ?? spare
    let steps: [SetChange] = [
      .add(spare.name), .rotateKey(rekeyed.name), .remove(leaving.name), .replace(spare.name, by: leaving.name),
    ]
    for change in steps { try await make(change, all, administrator, &random) }
    try await spare.stop()
    try await administrator.dismiss(spare)
    try await audit(spare)
  }

  /// Makes one change while a node is killed and started again, and notes what it cost.
  private func make(
    _ change: SetChange, _ all: ChaosCluster, _ administrator: Administrator, _ random: inout SeededGenerator
  ) async throws {
    let before = try await administrator.validators()
    let victim = await victim(of: change, all, &random)
    let delay = Int.random(in: FaultRunner.killDelay, using: &random)
    let absence = Int.random(in: FaultRunner.absence, using: &random)
    let start = ContinuousClock.now
    async let away = kill(victim, after: delay, for: absence)
    let failures = try await administrator.make(change, of: before)
    let absent = try await away
    _ = try await all.waitForProgress(within: Run.progressLimit, after: "\(change)")
    let silence = load.history.longestSilence(from: start, to: .now)
    for node in all.nodes { try await confirm(change, of: before, by: node) }
    votes.note(change.names(from: before.names), of: Epoch(before.epoch + 1))
    let times = try await blocks(since: before)
    guard let (closing, opening) = times.opening(of: before.epoch + 1) else {
      throw ChaosError.broken(.progress, "\(all.nodes[0].name) has no block of epoch \(before.epoch + 1)")
    }
    let figures = SetChangeFigures(
      change: "\(change)", epoch: before.epoch + 1, closing: closing.height.rawValue, killed: victim.name,
      isDisturbed: absent.lowerBound <= opening.time && closing.time <= absent.upperBound,
      openingMilliseconds: closing.milliseconds(to: opening), longestBlockMilliseconds: times.longestPause,
      longestSilenceMilliseconds: UInt64(silence.seconds * 1000), failures: failures)
    changes.note(figures)
    story.tell("  " + figures.text)
  }

  /// The node to kill: any, unless the change brings in a key with which a node listens before it votes. Such a node
  /// counts as faulty at first, so another one away could be one too many.
  private func victim(
    of change: SetChange, _ all: ChaosCluster, _ random: inout SeededGenerator
  ) async -> ChaosNode {
    let chosen = all.nodes.randomElement(using: &random) ?? all.nodes[0]
    guard let entering = all.nodes.first(where: { $0.name == change.entering }),
      let offer = try? await entering.client.voteKey(), offer.listens
    else { return chosen }
    return entering
  }

  /// Kills a node and starts it again.
  /// - Returns: from when until when it was away, by the clock that the nodes have: until it answers again.
  private func kill(
    _ node: ChaosNode, after delay: Int, for absence: Int
  ) async throws -> ClosedRange<Timestamp> {
    func now() -> Timestamp { Timestamp(UInt64(Date().timeIntervalSince1970 * 1000)) }
    try await Task.sleep(for: .milliseconds(delay))
    let start = now()
    try await node.kill()
    try await Task.sleep(for: .milliseconds(absence))
    try await node.start()
    let deadline = ContinuousClock.now + FaultRunner.noticeLimit
    while await node.status() == nil, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
    return start...max(start, now())
  }

  /// Waits until a node names the validators that the change leads to. Its answers may be older than its height.
  private func confirm(_ change: SetChange, of before: ValidatorsView, by node: ChaosNode) async throws {
    let deadline = ContinuousClock.now + FaultRunner.noticeLimit
    while true {
      let view = try await node.patient.validators()
      if change.leads(from: before, to: view) { return }
      guard ContinuousClock.now < deadline else {
        throw ChaosError.broken(
          .validators,
          "after '\(change)' in epoch \(before.epoch), \(node.name) names in epoch \(view.epoch): "
            + view.names.joined(separator: ", "))
      }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// The blocks that the first node has above those of the set `before`, at least up to the first of the next epoch.
  private func blocks(since before: ValidatorsView) async throws -> BlockTimes {
    let deadline = ContinuousClock.now + FaultRunner.noticeLimit
    while true {
      let times = try await BlockTimes.read(from: cluster.nodes[0].patient, above: before.height)
      if times.opening(of: before.epoch + 1) != nil || ContinuousClock.now > deadline { return times }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// Audits the disk of a node that has left, and checks that it ends with a block of the chain.
  private func audit(_ node: ChaosNode) async throws {
    let answer = try await DiskAudit.answer(of: node, roadbed: cluster.roadbed)
    let block = try await cluster.nodes[0].patient.block(answer.height)
    guard block.digest == answer.block, block.result.stateRoot == answer.stateRoot else {
      throw ChaosError.broken(
        .oneChain, "at height \(answer.height), \(node.name) has a different block or state on disk from node1")
    }
    try votes.read(node.logFolder, of: node.name)
    try FileManager.default.removeItem(atPath: node.directory)
  }
}
