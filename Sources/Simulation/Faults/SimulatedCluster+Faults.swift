internal import BlockLog
internal import NodeCore
internal import Primitives

// Faults, and how they end.
extension SimulatedCluster {
  func injectFault() {
    guard !isHealed, let pause = options.faultPause else { return }
    queue.push(.chaos, at: later(UInt64.random(in: pause, using: &chaosGenerator)))
    if options.traitorKind == .twins, options.traitors > 0, Bool.random(using: &chaosGenerator) { return swapTwin() }
    // The order of a set differs between runs.
    let kinds = FaultKind.allCases.filter { options.faults.contains($0) }
    guard let kind = kinds.randomElement(using: &chaosGenerator) else { return }
    let running = nodes.filter { $0.run != nil && !$0.isPaused }
    guard let node = running.randomElement(using: &chaosGenerator) else { return }
    trace.add(now, "fault: \(kind.rawValue) at node \(node.number)")
    count("fault: \(kind.rawValue)")
    switch kind {
    case .processCrash: crash(node)
    case .powerLoss: crash(node, losingPower: true)
    case .lostDirectory: loseDirectory(of: node)
    case .bitFlip: flipBit(of: node)
    case .bitRot: rot(node)
    case .restartStorm: startRestartStorm()
    case .pause: suspend(node)
    case .partition: partition()
    case .oneWayCut: cutOneWay(node)
    case .clog: clog(node)
    case .slowDisk:
      node.syncDelay = 5000...200_000
      begin(.slowDisk(node: node.number), for: 100_000...3_000_000)
    case .failingDisk:
      if Bool.random(using: &chaosGenerator) { node.disk.failingSyncs = 1 } else { node.disk.failingWrites = 1 }
    case .fullDisk:
      node.disk.capacity = 0
      begin(.fullDisk(node: node.number), for: 100_000...3_000_000)
    case .clockJump:
      node.clock.wallLead += Int64.random(
        in: -options.wallLead - 2000...options.wallLead + 2000, using: &chaosGenerator)
      node.clock.wallLead = min(max(node.clock.wallLead, -4000), 4000)
    case .signerAway: takeSigners(from: node)
    }
  }

  private func begin(_ fault: ActiveFault, for time: ClosedRange<UInt64>) {
    let number = lastFault + 1
    lastFault = number
    activeFaults[number] = fault
    queue.push(.faultEnds(number), at: later(UInt64.random(in: time, using: &chaosGenerator)))
  }

  func endFault(_ number: Int) {
    guard let fault = activeFaults.removeValue(forKey: number) else { return }
    switch fault {
    case .cuts(let cuts):
      for cut in cuts {
        links[cut.from][cut.to].isCut = false
        queue.push(.link(cut.from, cut.to), at: later(UInt64.random(in: 100...500_000, using: &networkGenerator)))
      }
    case .slowDisk(let node): nodes[node].syncDelay = options.syncDelay
    case .fullDisk(let node):
      nodes[node].disk.capacity = .max
      if nodes[node].run?.hasLogFailed ?? false { crash(nodes[node]) }
    case .signersAway(let numbers): for number in numbers { returnSigner(to: nodes[number]) }
    }
  }

  /// Takes away the signers of one node, of as many as may be faulty, or of all.
  private func takeSigners(from node: SimulatedNode) {
    let others = nodes.filter { $0 !== node }.shuffled(using: &chaosGenerator)
    let counts = [1, max(1, Quorum(validators: options.validators).faults), nodes.count]
    let count = counts.randomElement(using: &chaosGenerator) ?? 1
    let chosen = [node] + others.prefix(count - 1)
    for node in chosen {
      node.isSignerAway = true
      node.run?.signer.isAway = true
    }
    begin(.signersAway(nodes: chosen.map(\.number)), for: 50_000...3_000_000)
  }

  private func returnSigner(to node: SimulatedNode) {
    node.isSignerAway = false
    guard let run = node.run else { return }
    run.signer.isAway = false
    queue.push(.signerBack(node: node.number, run: run.number), at: later(1000))
  }

  func endFaults() {
    for number in activeFaults.keys.sorted() { endFault(number) }
  }

  // MARK: Nodes

  /// Ends the node's process, which starts again after a time drawn from `time`, in microseconds.
  func crash(_ node: SimulatedNode, losingPower: Bool = false, for time: ClosedRange<UInt64> = 5000...2_000_000) {
    guard let run = node.run else { return }
    trace.add(now, "node \(node.number) crashes")
    report.crashes += 1
    if node.mayListen { node.isRecovering = true }
    node.run = nil
    node.isPaused = false
    for seat in run.links.keys.sorted() {
      guard let other = run.links[seat], other.run?.links[node.seat] === node else { continue }
      disconnect(node, other)
    }
    node.durable.crashed()
    node.disk.failingSyncs = 0
    node.disk.failingWrites = 0
    if losingPower {
      node.disk.crash(
        MemoryDisk.Survival.allCases.randomElement(using: &chaosGenerator) ?? .nothing, using: &node.generator)
      node.snapshotDisk.crash(
        MemoryDisk.Survival.allCases.randomElement(using: &chaosGenerator) ?? .nothing, using: &node.generator)
    }
    if let rot = node.rot { crashed(with: rot, node) }
    if restoresOldDisks { restoreBackup(of: node) }
    queue.push(.start(node: node.number), at: later(UInt64.random(in: time, using: &chaosGenerator)))
  }

  /// A deliberate defect: replaces the disk with the copy made at the first crash.
  private func restoreBackup(of node: SimulatedNode) {
    guard let backup = node.backup else { return node.backup = node.disk.copy() }
    node.disk = backup.copy()
  }

  /// Restarts most nodes within 0.2 s, some of them up to four times.
  private func startRestartStorm() {
    for node in nodes where Int.random(in: 0..<4, using: &chaosGenerator) > 0 {
      guard let run = node.run else { continue }
      let tick = later(UInt64.random(in: 0...200_000, using: &chaosGenerator))
      queue.push(.restart(node: node.number, run: run.number), at: tick)
      for next in 1..<UInt32.random(in: 1...4, using: &chaosGenerator) {
        // Has an effect only if the node is running again by then.
        let again = tick.advanced(byMicroseconds: UInt64(next) * 350_000)
        queue.push(.restart(node: node.number, run: run.number + next), at: again)
      }
    }
  }

  private func suspend(_ node: SimulatedNode) {
    guard let run = node.run else { return }
    node.isPaused = true
    queue.push(
      .resume(node: node.number, run: run.number),
      at: later(UInt64.random(in: 10_000...3_000_000, using: &chaosGenerator)))
  }

  /// Lets the operator notice that the log cannot be written, and restart the node.
  func restoreLater(_ node: SimulatedNode, _ run: NodeRun) {
    queue.push(
      .restore(node: node.number, run: run.number),
      at: later(UInt64.random(in: 50_000...1_000_000, using: &chaosGenerator)))
  }

  /// Repairs the node's disks, ends its pause, and restarts it if its log has failed or it is down.
  func restore(_ node: SimulatedNode) {
    node.disk.capacity = .max
    node.snapshotDisk.capacity = .max
    node.disk.failingSyncs = 0
    node.disk.failingWrites = 0
    if let run = node.run {
      if run.hasLogFailed { crash(node, for: 1000...2000) } else { resume(node, run) }
    }
    queue.push(.start(node: node.number), at: later(3000))
  }

  // MARK: Links

  private func cut(_ pairs: [(from: Int, to: Int)]) {
    for pair in pairs { links[pair.from][pair.to].isCut = true }
    begin(.cuts(pairs), for: 50_000...4_000_000)
    // Some peers soon notice that nobody answers, and close the link.
    for pair in pairs where pair.from < pair.to && Bool.random(using: &chaosGenerator) {
      queue.push(.unlink(pair.from, pair.to), at: later(UInt64.random(in: 1...1_000_000, using: &chaosGenerator)))
    }
  }

  private func partition() {
    let side = nodes.map { _ in Bool.random(using: &chaosGenerator) }
    var pairs: [(from: Int, to: Int)] = []
    for from in nodes.indices {
      for to in nodes.indices where side[from] != side[to] { pairs.append((from, to)) }
    }
    cut(pairs)
  }

  private func cutOneWay(_ node: SimulatedNode) {
    let isDeaf = Bool.random(using: &chaosGenerator)
    var pairs: [(from: Int, to: Int)] = []
    for other in nodes.indices where other != node.number && Bool.random(using: &chaosGenerator) {
      pairs.append(isDeaf ? (other, node.number) : (node.number, other))
    }
    for pair in pairs { links[pair.from][pair.to].isCut = true }
    begin(.cuts(pairs), for: 50_000...3_000_000)
  }

  private func clog(_ node: SimulatedNode) {
    let until = later(UInt64.random(in: 10_000...2_000_000, using: &chaosGenerator))
    for other in nodes.indices where Bool.random(using: &chaosGenerator) {
      links[node.number][other].cloggedUntil = until
    }
  }
}
