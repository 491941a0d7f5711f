internal import Primitives
internal import Replica

/// Runs a cluster under an even load and measures it, while the oracles check the promises.
package struct LoadRun {
  /// How long the parts of all machines have worked, in nanoseconds, and what they have done.
  private struct Usage {
    var checks: UInt64 = 0
    var checked = 0
    var voteChecks = 0
    var replica: UInt64 = 0
    var network: UInt64 = 0
    var outgoing: UInt64 = 0
    var incoming: UInt64 = 0
    var disk: UInt64 = 0
    var sentBytes = 0
    var frames = 0

    init(_ cluster: SimulatedCluster) {
      frames = cluster.report.frames
      for machine in cluster.nodes.compactMap({ $0.run?.machine }) {
        checks += machine.checks.busy
        checked += machine.checks.checked.reduce(0, +)
        voteChecks += machine.checks.checked[VerificationRequest.Urgency.votes.rawValue]
        replica += machine.replica.busy
        network += machine.network.busy
        outgoing += machine.outgoing.busy
        incoming += machine.incoming.busy
        disk += machine.disk.busy
        sentBytes += machine.outgoing.sentBytes
      }
    }
  }

  package let plan: LoadPlan

  package init(_ plan: LoadPlan) { self.plan = plan }

  /// - Returns: the figures, and the broken promise, if there is one.
  package func run() -> (figures: LoadFigures, violation: String?) {
    var options = SwarmOptions()
    options.validators = plan.validators
    options.leaderTimeoutMilliseconds = plan.leaderTimeoutMilliseconds
    options.costs = plan.costs
    options.sites = plan.sites
    options.hasFullPool = true
    options.isPlainWorkload = true
    options.memoBytes = plan.memoBytes
    options.stepsPerCheck = 0
    let cluster = SimulatedCluster(seed: plan.seed, options: options)
    defer { cluster.releaseNodes() }
    let meter = LoadMeter(plan)
    cluster.meter = meter
    for node in cluster.nodes {
      cluster.createLog(of: node)
      cluster.start(node)
    }
    let end = Tick(plan.maximumSeconds * 1_000_000)
    cluster.run(until: Tick(2_000_000)) { false }
    // The first transaction defines the asset, the second issues it.
    for count in 1...2 {
      cluster.submitLoad(1, to: cluster.nodes[0], meter)
      cluster.run(until: end) { meter.blocks.count >= count }
    }
    cluster.queue.push(.clients, at: cluster.later(1))
    let first = meter.blocks.count + plan.warmUpBlocks
    cluster.run(until: end) { meter.blocks.count >= first }
    meter.measuresFrom = cluster.now
    let before = Usage(cluster)
    let start = cluster.now
    let copies = meter.copiesAgain
    cluster.run(until: end) { meter.blocks.count >= first + plan.blocks }
    var figures = figures(cluster, meter, from: first, start: start, before, Usage(cluster))
    figures.copiesAgainPerBlock = Double(meter.copiesAgain - copies) / Double(max(1, figures.blocks))
    return (figures, cluster.report.violation)
  }

  private func figures(
    _ cluster: SimulatedCluster, _ meter: LoadMeter, from first: Int, start: Tick, _ before: Usage, _ after: Usage
  ) -> LoadFigures {
    var figures = LoadFigures()
    figures.validators = plan.validators
    figures.viewsGivenUp = meter.viewsGivenUp
    let blocks = meter.blocks.dropFirst(first).prefix(plan.blocks)
    guard first > 0, meter.blocks.count >= first, let last = blocks.last else { return figures }
    let seconds = Double(last.tick.microseconds(since: meter.blocks[first - 1].tick)) / 1_000_000
    let count = Double(blocks.count)
    let transactions = Double(blocks.reduce(0) { $0 + $1.transactions })
    let bytes = Double(blocks.reduce(0) { $0 + $1.bytes })
    figures.blocks = blocks.count
    figures.seconds = seconds
    figures.transactionsPerSecond = transactions / seconds
    figures.transactionsPerBlock = transactions / count
    figures.bytesPerBlock = bytes / count
    figures.bytesPerTransaction = transactions > 0 ? bytes / transactions : 0
    figures.blocksPerSecond = count / seconds
    let latencies = meter.latencies.sorted()
    if !latencies.isEmpty {
      figures.latencyMedian = Double(latencies[latencies.count / 2]) / 1000
      figures.latency99 = Double(latencies[latencies.count * 99 / 100]) / 1000
    }
    let nodes = Double(plan.validators)
    let time = Double(cluster.now.microseconds(since: start)) * 1000 * nodes
    func share(_ early: UInt64, _ late: UInt64) -> Double { Double(late - early) / time }
    figures.checkShare = share(before.checks, after.checks) / Double(plan.costs.cores)
    figures.replicaShare = share(before.replica, after.replica)
    figures.networkShare = share(before.network, after.network)
    figures.outgoingShare = share(before.outgoing, after.outgoing)
    figures.incomingShare = share(before.incoming, after.incoming)
    figures.diskShare = share(before.disk, after.disk)
    figures.nodeBytesPerSecond = Double(after.sentBytes - before.sentBytes) / nodes / (time / nodes / 1e9)
    figures.framesPerBlock = Double(after.frames - before.frames) / nodes / count
    figures.checksPerBlock = Double(after.checked - before.checked) / nodes / count
    figures.voteChecksPerBlock = Double(after.voteChecks - before.voteChecks) / nodes / count
    addViews(&figures, meter, from: start)
    return figures
  }

  /// Adds how the time from one proposal to the next divides, over all views that were followed by a proposal.
  private func addViews(_ figures: inout LoadFigures, _ meter: LoadMeter, from start: Tick) {
    var total: UInt64 = 0
    var sending: UInt64 = 0
    var voting: UInt64 = 0
    var sentBytes = 0
    for (round, times) in meter.views where times.proposed >= start {
      guard let notarized = times.notarized, let sentAfter = times.sentAfter,
        let next = round.view.next.flatMap({ meter.views[Round(epoch: round.epoch, view: $0)] })
      else { continue }
      total += next.proposed.microseconds(since: times.proposed)
      sending += min(times.departed, notarized).microseconds(since: times.proposed)
      voting += notarized.microseconds(since: times.departed)
      sentBytes += sentAfter - times.sentBefore
    }
    guard total > 0 else { return }
    figures.sendingShare = Double(sending) / Double(total)
    figures.votingShare = Double(voting) / Double(total)
    figures.buildingShare = 1 - figures.sendingShare - figures.votingShare
    figures.leaderBytesPerSecond = Double(sentBytes) / (Double(total) / 1_000_000)
  }
}
