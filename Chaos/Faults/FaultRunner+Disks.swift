import Foundation
import LedgerJSON
import Primitives

/// Disks that fail, and disks that forget what they had synced.
extension FaultRunner {
  /// Starts the node on a disk whose calls fail from some moment on. The node must explain that it stopped, or why it
  /// ended; after an ordinary restart it must work as before.
  func failDisk(_ node: ChaosNode, _ fault: Fault) async throws {
    guard let system else { return }
    var random = SeededGenerator(seed: fault.seed)
    let call = SystemFaults.Call.allCases.randomElement(using: &random) ?? .sync
    let error = call.errors.randomElement(using: &random) ?? "EIO"
    let number = Int.random(in: 1...call.reach, using: &random)
    try await node.kill()
    try await node.start(environment: system.failing(node.logFolder, call, error: error, from: number))
    let end = ContinuousClock.now + .milliseconds(fault.milliseconds + 4000)
    var stopped: String?
    while stopped == nil, await node.pid != nil, ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(100))
      stopped = await node.status()?.stopped?.code
    }
    let outcome: String
    if let ending = await node.ending {
      let words = node.lastWords(lines: 3).joined(separator: " ")
      guard ending.isExit, words.contains("[disk.") || words.contains("[log.") else {
        throw ChaosError.broken(
          .returning,
          "\(node.name) ended with \(ending) when its disk answered \(error) to \(call.rawValue) "
            + "\(number): \(words)")
      }
      outcome = "ended with an explanation"
    } else {
      guard stopped == nil || stopped == "node.log-failed" else {
        throw ChaosError.broken(
          .returning, "\(node.name) stopped with \(stopped ?? "") when its disk answered \(error) to \(call.rawValue)")
      }
      outcome = stopped ?? "went on"
    }
    story.tell("\(node.name) with \(error) from \(call.rawValue) \(number) on: \(outcome)")
    try await node.kill()
    try await node.start()
  }

  /// Runs the node on a disk that, from some moment on, only claims to sync, then cuts its power. Like any disk that
  /// lies, this makes the node one of the f that may do anything, but it must not stay that.
  func lieAboutSyncs(_ node: ChaosNode, _ fault: Fault) async throws {
    guard let system else { return }
    var random = SeededGenerator(seed: fault.seed)
    let journal = "\(node.directory)/lies"
    let first = try await rounds().lowerBound
    try await node.kill()
    let syncs = Int.random(in: 1...60, using: &random)
    try await node.start(environment: system.lying(node.logFolder, afterSyncs: syncs, journal: journal))
    try await waitForVotes(of: node)
    try await Task.sleep(for: .milliseconds(fault.milliseconds))
    try await node.kill()
    try votes.read(node.logFolder, of: node.name)
    let size = (try? FileManager.default.attributesOfItem(atPath: journal)[.size] as? Int) ?? 0
    try await node.start(environment: system.losing(journal))
    try await Task.sleep(for: .seconds(4))
    let stopped = await node.status()?.stopped?.code
    guard stopped == nil || stopped == "node.key-used-elsewhere" else {
      throw ChaosError.broken(.returning, "\(node.name) stopped with \(stopped ?? "") after its disk had lied")
    }
    story.tell(
      "\(node.name) lost \(size / 1024) KiB that it had synced after sync \(syncs): \(stopped ?? "went on")")
    if stopped != nil {
      try await rejoin(node, excusedFrom: first)
    } else {
      try await excuse(node, since: first)
    }
  }
}
