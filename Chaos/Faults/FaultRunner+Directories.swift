import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// Faults in what a node has on disk.
extension FaultRunner {
  // MARK: A full disk

  /// Transactions that use up the space that the log prepared earlier: the bytes of an anchor, the anchors of a
  /// transaction, and the number of transactions.
  private static let fillerBytes = 700
  private static let fillerAnchors = 100
  private static let fillers = 60

  /// Fills the disk and sends transactions until the log has no space left, or until it is clear that the log had
  /// enough prepared. The node must either report that it stopped or continue; after an ordinary restart with free
  /// space it must work as before.
  func fillDisk(_ node: ChaosNode, _ fault: Fault) async throws {
    guard let disk = cluster.smallDisk else { return }
    var random = SeededGenerator(seed: fault.seed)
    try await disk.fill()
    var stopped: String?
    let end = ContinuousClock.now + .seconds(12)
    var sent = 0
    while stopped == nil, ContinuousClock.now < end {
      if sent < FaultRunner.fillers {
        sent += 1
        let filler = try load.work.filler(
          anchors: FaultRunner.fillerAnchors, bytes: FaultRunner.fillerBytes, using: &random)
        load.history.note(sending: filler, .none)
        let other = cluster.node(node.number % cluster.nodes.count + 1)
        _ = await load.send(filler, to: other)
      } else {
        try await Task.sleep(for: .milliseconds(200))
      }
      stopped = await node.status()?.stopped?.code
    }
    let reasons = await node.health()?.reasons.map(\.code) ?? ["no answer"]
    story.tell("\(node.name) with a full disk: \(reasons.isEmpty ? "healthy" : reasons.joined(separator: ", "))")
    try await disk.free()
    try await node.stop()
    try await node.start()
  }

  // MARK: An old log

  /// Runs a node on a log that lacks votes that the node has signed. Whether the node notices or not, its log is wiped
  /// afterwards.
  func restore(_ node: ChaosNode, _ fault: Fault) async throws {
    let old = "\(folder)/\(node.name).old"
    let first = try await rounds().lowerBound
    try await node.kill()
    try await node.save(to: old)
    try await node.start()
    // Until then, the node has signed votes that the copy does not contain.
    try await waitForVotes(of: node)
    try await node.kill()
    try votes.read(node.logFolder, of: node.name)
    try await node.putBack(from: old)
    try await node.start()
    try await Task.sleep(for: .milliseconds(fault.milliseconds + 3000))
    let stopped = await node.status()?.stopped?.code
    story.tell("\(node.name) with an older log: \(stopped.map { "noticed, \($0)" } ?? "went on, and is wiped")")
    try await rejoin(node, excusedFrom: first)
  }

  func waitForVotes(of node: ChaosNode) async throws {
    let before = await cluster.statuses().compactMap { $0?.height.rawValue }.max() ?? 0
    let deadline = ContinuousClock.now + FaultRunner.noticeLimit
    while ContinuousClock.now < deadline {
      if let status = await node.status(), status.height.rawValue > before + 4 { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw ChaosError.broken(.progress, "\(node.name) does not follow after a restart, from height \(before)")
  }

  // MARK: A key twice

  /// Runs two processes with one key and equal logs at two addresses, and tells what they notice. As after every fault,
  /// the checker judges that there is one chain and that nothing acknowledged is lost.
  func runTwice(_ node: ChaosNode, _ fault: Fault) async throws {
    let directory = "\(cluster.files.directory)/\(node.name).twin"
    try await refuseSecond(node)
    let first = try await rounds().lowerBound
    try await node.kill()
    try await Shell.succeed(["cp", "-a", "--sparse=always", node.directory, directory], seconds: 120)
    let twin = try cluster.twin(of: node, directory: directory)
    try await node.start()
    try await twin.start()
    let start = ContinuousClock.now
    var noticed: [String] = []
    while noticed.isEmpty, ContinuousClock.now - start < FaultRunner.noticeLimit {
      for one in [node, twin] {
        if let code = await one.status()?.stopped?.code {
          noticed.append("\(one.name) stopped with \(code)")
        } else if await one.pid == nil {
          noticed.append("\(one.name) ended: \(one.lastWords(lines: 2).joined(separator: " "))")
        }
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    let seconds = (ContinuousClock.now - start).seconds
    let words = twin.lastWords()
    try? await twin.kill()
    await twin.endAsking()
    try votes.read(twin.logFolder, of: twin.name)
    try FileManager.default.removeItem(atPath: directory)
    // If no other node links to the second process, it sends nothing to anyone, so nobody can notice and no harm is
    // done.
    let outcome =
      noticed.isEmpty
      ? "neither noticed in \(Int(seconds)) s; the second said last: \(words.joined(separator: " | "))"
      : "\(noticed.joined(separator: ", ")) after \(String(format: "%.1f", seconds)) s"
    story.tell("\(node.name) twice: \(outcome)")
    // The twin may have signed votes that this node's log does not contain.
    try await rejoin(node, excusedFrom: first)
  }

  /// Starts a second process in the directory of a running node, which must be refused.
  private func refuseSecond(_ node: ChaosNode) async throws {
    let command = [cluster.roadbed, "node", "start", "--dir", node.directory]
    let second = try await Shell.run(node.place.entry + command)
    guard second.status != 0, second.output.contains("disk.locked") else {
      throw ChaosError.broken(
        .oneVote,
        "a second process in the directory of \(node.name) was not refused with disk.locked, but ended with "
          + "status \(second.status): \(second.output.suffix(500))")
    }
  }

  /// Lets a node whose log cannot be trusted fetch the chain from its peers. It may have contradicted itself since a
  /// round, which is its operator's fault.
  func rejoin(_ node: ChaosNode, excusedFrom first: Round) async throws {
    try await node.kill()
    try await excuse(node, since: first)
    try wipe(node)
    try await node.start()
  }

  /// Excuses what a node said since a round.
  func excuse(_ node: ChaosNode, since first: Round) async throws {
    // After a wipe, the node votes again from two views above on (R30).
    var last = try await rounds().upperBound
    last.view = View(last.view.rawValue + 2)
    votes.excuse(node.name, in: first...max(first, last))
  }

  /// Removes a node's log, after its votes have been read.
  func wipe(_ node: ChaosNode, withSnapshots: Bool = true) throws {
    try votes.read(node.logFolder, of: node.name)
    try node.wipe(withSnapshots: withSnapshots)
  }

  /// The lowest and the highest round in which a node is.
  func rounds() async throws -> ClosedRange<Round> {
    let rounds = await cluster.statuses().compactMap { $0?.round }
    guard let lowest = rounds.min(), let highest = rounds.max() else {
      throw ChaosError.broken(.returning, "no node says in which view it is")
    }
    return lowest...highest
  }
}
