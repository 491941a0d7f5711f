internal import BlockLog
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// How a node repairs a damaged log before it starts: it fetches the lost final blocks and writes them back.
extension SimulatedCluster {
  /// Microseconds that a request or an answer takes.
  private static let oneWayDelay: UInt64 = 1000

  /// Begins to repair the node's log. Returns false if the log cannot be repaired.
  func beginRepair(_ node: SimulatedNode) -> Bool {
    let heights: [Height]
    let plan: RepairPlan
    do throws(LogError) {
      var entries = try LogReader(node.disk, owner: owner(of: node)).survey().entries
      plan = try RepairPlan(&entries, chain: population.chain)
      heights = Set(plan.patches.flatMap(\.heights)).sorted()
    } catch {
      if case .damaged = error { return false }
      if case .disk = error { return false }
      fail("D2: node \(node.number) cannot repair its log: \(error.explanation)")
      return false
    }
    node.repair = SimulatedRepair(
      .beforeStart(plan), newestSet,
      fetch: FinalFetch(
        heights, chain: population.chain, validators: newestSet.validators, now: node.clock.now(now).tick))
    stepRepair(node)
    return true
  }

  /// The running validators that a node without a run can reach. Paused ones do not answer.
  private func linked(to node: SimulatedNode, _ repair: SimulatedRepair) -> [SimulatedNode] {
    nodes.filter { other in
      other !== node && other.run != nil && repair.set.index(of: other.seat) != nil
        && !links[node.number][other.number].isCut
        && !links[other.number][node.number].isCut
    }
  }

  /// The number by which a node knows another: its own, or before it starts that of the seat.
  private func peer(of other: SimulatedNode, at node: SimulatedNode) -> PeerID {
    node.run?.peer(at: other.seat) ?? PeerID(UInt16(other.seat))
  }

  func stepRepair(_ node: SimulatedNode) {
    guard let repair = node.repair, case .beforeStart(let plan) = repair.purpose, report.violation == nil else {
      return
    }
    let peers = Set(linked(to: node, repair).map { peer(of: $0, at: node) })
    while true {
      switch repair.fetch.next(peers, now: node.clock.now(now).tick) {
      case .ask(let peer, let height):
        guard let other = nodes.first(where: { self.peer(of: $0, at: node) == peer }), let run = other.run else {
          continue
        }
        queue.push(
          .final(node: other.number, run: run.number, asker: node.number, height), at: later(Self.oneWayDelay))
      case .report: count("repairs that wait")
      case .wait(let tick):
        return queue.push(.repairWakes(node: node.number), at: max(node.clock.tick(of: tick), later(1)))
      case .done(let found): return finish(repair, plan, found, node)
      }
    }
  }

  /// Reads a final block for a node that repairs its log.
  func serveFinal(_ height: Height, of node: SimulatedNode, _ run: NodeRun, to asker: SimulatedNode) {
    guard let peer = run.peer(at: asker.seat) else { return }
    guard run.requests.hasRoom(for: peer) else { return count("requests dropped") }
    do throws(ResponderError) {
      let request = PeerRequest.final(peer: peer, height)
      guard
        case .message(.final(let found, let bytes)) = try run.responder.answer(
          request, from: run, isLastTry: true)
      else { return }
      queue.push(
        .finalArrives(node: asker.number, from: self.peer(of: node, at: asker), found, bytes: bytes),
        at: later(Self.oneWayDelay))
    } catch {
      if !run.hasLogFailed { fail("node \(node.number) cannot answer a peer: \(error.explanation)") }
    }
  }

  func receiveFinal(_ bytes: [UInt8], of height: Height, from peer: PeerID, at node: SimulatedNode) {
    guard let repair = node.repair else { return }
    receive(bytes, of: height, from: peer, repair, node)
    stepRepair(node)
  }

  func receive(
    _ bytes: [UInt8], of height: Height, from peer: PeerID, _ repair: SimulatedRepair, _ node: SimulatedNode
  ) {
    if bytes.isEmpty { repair.denied[height, default: []].insert(peer) }
    let fault = repair.fetch.receive(bytes, of: height, from: peer, now: node.clock.now(now).tick) { proof in
      if let broken = chain.check(proof) { fail("a repairing node receives a false proof: \(broken)") }
    }
    if let fault { fail("D2: the final block \(height) of peer \(peer) is invalid: \(fault.explanation)") }
  }

  private func finish(
    _ repair: SimulatedRepair, _ plan: RepairPlan, _ found: [Height: FinalRecord], _ node: SimulatedNode
  ) {
    node.repair = nil
    checkGivenUp(Set(plan.patches.flatMap(\.heights)).sorted(), repair, found, node)
    do throws(LogError) {
      // From the end, so that what the neighbours of a stretch say about it stays true.
      for patch in plan.patches.reversed() {
        let count = try RepairPlan.repair(patch, with: plan.replacements(for: patch, found)) {
          (stretch, records, void) throws(LogError) in
          try LogRepair.rewrite(stretch, with: records, void: void, on: node.disk)
        }
        self.count("records brought back", count)
        self.count(patch.meaning == .votesLost ? "repaired with votes lost" : "repaired harmlessly")
      }
    } catch {
      if case .disk = error { return replaceDirectory(of: node) }
      if case .damaged = error { return replaceDirectory(of: node) }
      return fail("D2: node \(node.number) cannot repair its log: \(error.explanation)")
    }
    count("repaired logs")
    node.flip = nil
    queue.push(.start(node: node.number), at: later(UInt64.random(in: 100_000...2_000_000, using: &node.generator)))
  }

  /// A final block may be given up only if no peer within reach has it, or if f + 1 peers, one of them honest, said that
  /// they do not have it while the others were silent.
  func checkGivenUp(
    _ heights: [Height], _ repair: SimulatedRepair, _ found: [Height: FinalRecord], _ node: SimulatedNode
  ) {
    let enough = repair.set.validators.quorum.faults + 1
    for height in heights where found[height] == nil && repair.denied[height, default: []].count < enough {
      // A node with damage of its own may not have answered.
      for other in linked(to: node, repair)
      where !other.isPaused && other.flippedFiles.isEmpty
        && repair.denied[height]?.contains(peer(of: other, at: node)) != true
      {
        guard let run = other.run, let bytes = try? run.finalRecord(at: height), !bytes.isEmpty
        else { continue }
        fail("D2: node \(node.number) gives up block \(height), which node \(other.number) has")
      }
    }
  }
}
