internal import BlockLog
internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// Directories that are lost, and logs whose bytes change by themselves.
extension SimulatedCluster {
  /// Whether one more node may lose its memory: at most f at a time may be without it.
  private var mayImpair: Bool {
    // Until a view above its bar is final, a node that came back cannot help the others.
    let impaired = nodes.count {
      $0.isRecovering || ($0.votesAbove > .genesis && $0.votesAbove >= votes.highestFinalized)
    }
    return options.traitors == 0 && impaired < (options.validators - 1) / 3
  }

  func loseDirectory(of node: SimulatedNode) {
    guard mayImpair else { return }
    count("lost directories")
    crash(node)
    clearDirectory(of: node)
  }

  private func clearDirectory(of node: SimulatedNode) {
    node.disk = MemoryDisk()
    // The snapshots may be lost with the log, or not.
    if Bool.random(using: &node.generator) { node.snapshotDisk = MemoryDisk() }
    node.durable = DurableStatements()
    node.flip = nil
    node.isRecovering = remembersLoss
  }

  /// A bit of what the log holds turns over while the node is down.
  func flipBit(of node: SimulatedNode) {
    guard mayImpair else { return }
    crash(node)
    guard let files = try? node.disk.list(), let file = files.randomElement(using: &node.generator),
      let used = node.disk.contents(of: file)?.lastIndex(where: { $0 != 0 }),
      let records = try? Self.records(of: node.disk.copy(), owner(of: node))
    else { return }
    let place = Int.random(in: 0...used, using: &node.generator)
    node.disk.flipBit(of: file, at: place, bit: Int.random(in: 0..<8, using: &node.generator))
    trace.add(now, "a bit turns over at byte \(place) of \(file) of node \(node.number)")
    node.flip = BitFlip(file: file, records: records)
    // Until its start shows what came of it.
    node.isRecovering = true
  }

  /// Whether the node may start although a bit of its log turned over: nothing that it reads has changed.
  func survives(_ flip: BitFlip, _ node: SimulatedNode) -> Bool {
    let copy = node.disk.copy()
    copy.capacity = .max
    do throws(LogError) {
      let records = try Self.records(of: copy, owner(of: node))
      node.flip = nil
      guard records == flip.records else {
        fail("D2: node \(node.number) starts with other records after a bit of its log turned over")
        return false
      }
      count("harmless bit flips")
      return true
    } catch {
      repair(node, flip, error)
      return false
    }
  }

  /// The log is refused, with the place of the damage. It is repaired with the help of the peers, or, as a person may, the
  /// directory is replaced: the node then fetches the chain.
  private func repair(_ node: SimulatedNode, _ flip: BitFlip, _ error: LogError) {
    trace.add(now, "node \(node.number) refuses its log: \(error.explanation)")
    count("damaged logs refused")
    if case .damaged(let damage) = error, damage.file != flip.file {
      return fail("D2: node \(node.number) names \(damage.file) as damaged, it is \(flip.file)")
    }
    if !beginRepair(node) { replaceDirectory(of: node) }
  }

  func replaceDirectory(of node: SimulatedNode) {
    clearDirectory(of: node)
    queue.push(.start(node: node.number), at: later(UInt64.random(in: 100_000...2_000_000, using: &node.generator)))
  }
}
