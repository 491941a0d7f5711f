internal import BlockLog
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

// The end of a run: healing, progress, idleness, and the final checks.
extension SimulatedCluster {
  /// Ends every fault. Traitors remain: the protocol tolerates up to f of them.
  func heal() {
    guard report.violation == nil else { return }
    trace.add(now, "everything is healed")
    isHealed = true
    // Links are made within 20 ms.
    healedAt = later(20_000)
    areClientsActive = false
    endFaults()
    quality = .local
    for from in links.indices {
      for to in links.indices {
        links[from][to].isCut = false
        links[from][to].cloggedUntil = Tick(0)
      }
    }
    for node in nodes {
      node.syncDelay = options.syncDelay
      restore(node)
    }
    for first in nodes {
      for second in nodes where second.number > first.number {
        queue.push(.link(first.number, second.number), at: later(20_000))
      }
    }
    queue.push(.probe, at: later(1_000_000))
  }

  /// Submits one more transaction to each node that has not accepted one since the healing.
  func probe() {
    for node in nodes { checkCatchingUp(node) }
    // The directory may still grow by what was submitted before.
    guard !isSettled else { return }
    let waiting = following.filter { !probed.contains($0.number) }
    queue.push(.probe, at: later(500_000))
    for node in waiting where node.run != nil && !node.isRecovering {
      let request = workload.probe(at: clientTime, chain.model)
      submit(request, to: node, isProbe: true)
    }
  }

  /// Whether the healed cluster has made progress and all its nodes have reached the same height.
  var isSettled: Bool {
    let honest = following
    guard isHealed, honest.allSatisfy({ probed.contains($0.number) }), missingProbes == 0,
      votes.highestFinalized.epoch == chain.epoch
    else { return false }
    return honest.allSatisfy { node in
      guard let run = node.run, node.rot == nil, !run.replica.isListening else { return false }
      return run.index.height == chain.height && run.replica.status.waitingTransactions == 0
    }
  }

  /// The nodes that must keep up with the chain: all honest ones of the directory, except a node whose
  /// state was tampered with.
  private var following: [SimulatedNode] {
    nodes.filter { $0.isHonest && isListed($0.seat) && !(tampering != nil && $0.number == 0) }
  }

  func checkProgress() {
    guard report.violation == nil, !isSettled else { return }
    fail(
      "no progress \(options.healTicks / 1_000_000) s after everything was healed: height \(chain.height), "
        + "\(probed.count) probes accepted, \(missingProbes) of them not final")
  }

  /// How many probes are not final that were accepted by nodes which must keep up. Others may have left the directory since.
  private var missingProbes: Int {
    let numbers = Set(following.map(\.number))
    return probes.count { numbers.contains($0.node) && !chain.contains($0.id) }
  }

  /// Gives the healed cluster work for some rounds, in which it must be live in bounded time, whatever its traitors do.
  func checkLiveness() {
    guard report.violation == nil, options.traitors > 0, tampering == nil else { return }
    let newest = newestSet
    let count = UInt64(newest.seats.count)
    let bound = LivenessOracle.bound(
      delta: configuration.delta, cap: configuration.maximumDelta, retry: configuration.retryInterval,
      faults: newest.validators.quorum.faults)
    // An honest leader that was on probation when all was healed has its turn in one of four views.
    let first = Round(
      epoch: chain.epoch,
      view: View(votes.highestFinalized.view.rawValue + 4 * count))
    liveness = LivenessOracle(bound: bound, first: first)
    queue.push(.steadyProbe, at: later(1))
    let last = first.view.rawValue + Self.liveRounds * count
    run(until: later(Self.liveRounds * count * bound)) {
      votes.highestFinalized.view.rawValue >= last
    }
    if let broken = liveness?.overdue(now) { fail(broken) }
    let honest = nodes.filter(\.isHonest).compactMap { newest.index(of: $0.seat) }
    let final = votes.rounds(of: Set(chain.blocks.map(\.digest)))
    // A late change of the validators may have ended the epoch, and its views, early.
    if chain.epoch == first.epoch {
      let starved = liveness?.starved(
        honest, of: newest.validators, final: final, last: View(min(last, votes.highestFinalized.view.rawValue)))
      if let starved { fail(starved) }
    }
    report.longestWait = liveness?.longest ?? 0
    report.waitBound = bound
    liveness = nil
    // For the answers to the last submissions.
    run(until: later(100_000)) { false }
    run(until: later(options.healTicks)) { isSettled }
    checkProgress()
  }

  /// How often every validator leads while the cluster must be live in bounded time.
  private static let liveRounds: UInt64 = 6

  /// Submits a transaction to one of the nodes that must keep up, and schedules the next.
  func probeSteadily() {
    guard liveness != nil else { return }
    let pause = configuration.delta / 4
    queue.push(.steadyProbe, at: later(UInt64.random(in: 1...pause, using: &clientGenerator)))
    let running = following.filter { $0.run != nil && !$0.isRecovering }
    guard let node = running.randomElement(using: &clientGenerator) else { return }
    submit(workload.probe(at: clientTime, chain.model), to: node, isProbe: true)
  }

  /// Leaves the cluster without work for a while, and checks that it returns the holds that expire soon, and that no node
  /// writes to its log after that.
  func checkIdleness() {
    guard report.violation == nil, options.traitors == 0 else { return }
    run(until: later(5_000_000)) { false }
    checkReturns()
    let before = nodes.map { $0.run?.journal.appended }
    run(until: later(10_000_000)) { false }
    guard report.violation == nil else { return }
    for node in nodes where node.run?.journal.appended != before[node.number] {
      fail("node \(node.number) writes to its log although there is no work")
    }
  }

  /// Checks that blocks without transactions return the holds that expire soon.
  private func checkReturns() {
    let soon = clientTime.advanced(byMilliseconds: Workload.longestSoon)
    let expiries = chain.model.holds.values.map(\.expires).filter { $0 <= soon }
    guard report.violation == nil, let last = expiries.max() else { return }
    // A node waits until the clocks of all correct nodes are past an expiry, and its own may be behind.
    let slowest = nodes.map { $0.clock.wallLead.magnitude }.max() ?? 0
    let end = last.advanced(byMilliseconds: Limits.clockDriftMilliseconds + slowest + 5000)
    if end > clientTime { run(until: later((end.rawValue - clientTime.rawValue) * 1000)) { false } }
    let left = chain.model.holds.filter { $0.value.expires <= last }.keys
    if let key = left.min() {
      fail("no block returned hold \(key.reference) of \(key.from), nor \(left.count - 1) others, by \(end.iso8601)")
    }
  }

  /// Breaks the reference cycles between nodes and their links, which would keep the cluster in memory.
  func releaseNodes() {
    for node in nodes { node.run = nil }
  }

  /// Makes the checks that need the whole run, and fills in the report.
  func finishReport() {
    if report.violation == nil {
      checkAnswers()
      compareLogs()
      if let gap = votes.gap() { fail(gap) }
      if let difference = chain.audit(population.genesis) { fail(difference) }
      for node in nodes { node.run?.replica.checkInvariants() }
    }
    report.hash = hash.value
    report.ticks = now.rawValue
    report.height = chain.height.rawValue
    report.finalizedView = votes.finalizedViews
    report.fewestValidators = chain.fewestValidators
    report.mostValidators = chain.mostValidators
    report.counts.merge(chain.changes) { $0 + $1 }
    report.transactions = chain.transactions
    report.failedTransactions = chain.failures
    report.nodes = nodeLines()
    report.trace = trace.last
  }
}
