internal import BlockLog
internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// Lost directories and flipped bits.
extension SimulatedCluster {
  /// Whether one more node may lose its records: at most f of each set at a time may be without them.
  var mayLoseRecords: Bool {
    // A returned node cannot help the others until a view above its voting bar is final, and may have to listen again if
    // that ends the epoch.
    options.traitors == 0
      && candidates.allSatisfy { set in
        impaired(in: set) < Quorum(validators: set.count).faults
      }
  }

  /// Whether the node was the only one of its chain at the beginning and has the key of then: it does not start without its log.
  private func isSoleFounder(_ node: SimulatedNode) -> Bool {
    options.validators == 1 && node.keys.current == population.keys[0]
  }

  func loseDirectory(of node: SimulatedNode) {
    guard mayLoseRecords, !isSoleFounder(node) else { return }
    count("lost directories")
    crash(node)
    clearDirectory(of: node)
  }

  private func clearDirectory(of node: SimulatedNode) {
    node.disk = MemoryDisk()
    // The snapshots may be lost with the log.
    if Bool.random(using: &node.generator) { node.snapshotDisk = MemoryDisk() }
    node.durable = DurableStatements()
    node.flip = nil
    node.rot = nil
    node.flippedFiles = []
    node.isRecovering = remembersLoss
    node.trustedKeys = []
    node.bootstrap = population.seats.filter { $0 != node.seat }.compactMap {
      BootstrapPeer(pin: Population.pin(ofSeat: $0, 1), address: Population.address(ofSeat: $0))
    }
    node.votesAbove = max(node.votesAbove, node.lastVoted)
  }

  /// Stops the node and flips a bit of its log while it is down.
  func flipBit(of node: SimulatedNode) {
    guard mayLoseRecords, !isSoleFounder(node) else { return }
    crash(node)
    guard let files = try? node.disk.list(), let file = files.randomElement(using: &node.generator),
      let used = node.disk.contents(of: file)?.lastIndex(where: { $0 != 0 }),
      let records = readableRecords(node.workingDisk, of: node)
    else { return }
    let place = Int.random(in: 0...used, using: &node.generator)
    node.disk.flipBit(of: file, at: place, bit: Int.random(in: 0..<8, using: &node.generator))
    trace.add(now, "a bit flips at byte \(place) of \(file) of node \(node.number)")
    node.flip = BitFlip(file: file, records: records)
    node.flippedFiles.insert(file)
    // Until the next start shows the effect of the flipped bit.
    node.isRecovering = true
  }

  /// Whether the node may start despite a flipped bit, because it reads the same records as before. If the log is
  /// refused, begins its repair.
  func canStart(_ node: SimulatedNode, after flip: BitFlip) -> Bool {
    do throws(LogError) {
      let records = try Self.records(of: node.workingDisk, owner(of: node))
      node.flip = nil
      guard flip.records == nil || records == flip.records else {
        fail("D2: node \(node.number) starts with different records after a bit of its log flipped")
        return false
      }
      count("harmless bit flips")
      return true
    } catch {
      repair(node, flip, error)
      return false
    }
  }

  /// Checks that the node names the damaged file, and begins to repair the log with the help of its peers. If that is
  /// impossible, replaces the directory as an operator may do, so that the node fetches the chain.
  private func repair(_ node: SimulatedNode, _ flip: BitFlip, _ error: LogError) {
    trace.add(now, "node \(node.number) refuses its log: \(error.explanation)")
    count("damaged logs refused")
    if case .damaged(let damage) = error, !node.flippedFiles.contains(damage.file) {
      return fail("D2: node \(node.number) reports that \(damage.file) is damaged, but it is \(flip.file)")
    }
    if !beginRepair(node) { replaceDirectory(of: node) }
  }

  func replaceDirectory(of node: SimulatedNode) {
    clearDirectory(of: node)
    queue.push(.start(node: node.number), at: later(UInt64.random(in: 100_000...2_000_000, using: &node.generator)))
  }
}
