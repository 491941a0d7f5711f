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
    return options.saboteurs == 0 && impaired < (options.validators - 1) / 3
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
    if Bool.random(using: &node.generator) { node.snapshots = MemoryDisk() }
    node.shelf = DurableStatements()
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

  /// The log is refused, with the place of the damage. It is repaired with the help of a peer, or, as a person may, the
  /// directory is replaced: the node then fetches the chain.
  private func repair(_ node: SimulatedNode, _ flip: BitFlip, _ error: LogError) {
    trace.add(now, "node \(node.number) refuses its log: \(error.explanation)")
    count("damaged logs refused")
    if case .damaged(let damage) = error, damage.file != flip.file {
      return fail("D2: node \(node.number) names \(damage.file) as damaged, it is \(flip.file)")
    }
    if !rewrite(node) { clearDirectory(of: node) }
    queue.push(.start(node: node.number), at: later(UInt64.random(in: 100_000...2_000_000, using: &node.generator)))
  }

  /// Writes back what a running node has of it. False if nobody can tell, or nothing can repair it.
  private func rewrite(_ node: SimulatedNode) -> Bool {
    let chain = population.chain
    guard let donor = nodes.filter({ $0.life != nil && $0 !== node }).randomElement(using: &node.generator)?.life else {
      return false
    }
    do throws(LogError) {
      var entries = try LogReader(node.disk, owner: owner(of: node)).survey().entries
      let plan = try RepairPlan(&entries, chain: chain)
      var hash = HashFunction(options.suite)
      var found: [Height: FinalRecord] = [:]
      for height in Set(plan.patches.flatMap(\.heights)).sorted() {
        guard let bytes = try? donor.finalRecord(at: height) else { continue }
        do throws(ReceiptError) {
          found[height] = try FinalRecord(bytes, chain: chain, hash: &hash)
        } catch {
          fail("a node's own final block \(height) does not hold: \(error.explanation)")
        }
      }
      for patch in plan.patches.reversed() {
        let count = try RepairPlan.repair(patch, with: plan.replacements(for: patch, found)) {
          (stretch, records, void) throws(LogError) in
          try LogRepair.rewrite(stretch, with: records, void: void, on: node.disk)
        }
        self.count("records brought back", count)
        self.count(patch.meaning == .votesLost ? "repaired with votes lost" : "repaired harmlessly")
      }
    } catch {
      guard case .damaged = error else {
        if case .disk = error { return false }
        fail("D2: node \(node.number) cannot repair its log: \(error.explanation)")
        return false
      }
      return false
    }
    count("repaired logs")
    node.flip = nil
    return true
  }
}
