import Foundation
import LedgerClient
import LedgerJSON
import Primitives

/// One run: sets up the cluster, executes the schedule under load, and judges the outcome.
struct Run: Sendable {
  let options: RunOptions
  let configuration: SandboxConfiguration
  let story: Story

  /// How long a healed cluster may take until every node is healthy and above the greatest height that any node had
  /// before. It is far more than needed, to leave time for the start of a debug build on a busy machine.
  static let progressLimit = Duration.seconds(60)
  static let clients = 8

  func run() async throws -> Report {
    let network = configuration.networkPrefix.map {
      NodeNetwork(prefix: $0, places: ChaosCluster.places(for: options.nodes))
    }
    var report = Report(
      seed: configuration.seed, nodes: options.nodes, namespaces: network != nil, shaper: configuration.shaper)
    if options.keep { report.directory = configuration.directory }
    let cluster = try await ChaosCluster(
      directory: configuration.directory, nodes: options.nodes, seed: configuration.seed, network: network,
      shaper: configuration.shaper,
      wantsSmallDisk: configuration.hasPrivateMounts, roadbed: configuration.roadbed)
    let sampler = Sampler(cluster, story)
    let sampling = Task { await sampler.run() }
    do {
      try await go(cluster, &report)
      report.passed = true
    } catch {
      report.failure = await failure(error, cluster)
    }
    sampling.cancel()
    report.seconds = story.seconds
    if options.minutes != nil { report.trends = sampler.trends() }
    if let path = options.out { try sampler.write(to: path) }
    await cluster.killAll()
    if options.keep, let disk = cluster.smallDisk { try await disk.keep() }
    await cluster.shutdown()
    return report
  }

  private func go(_ cluster: ChaosCluster, _ report: inout Report) async throws {
    let clock = FakeClock.find()
    let system = SystemFaults.find(beside: cluster.roadbed)
    let kinds = chosenKinds(cluster, clock, system, &report.skipped)
    for (kind, reason) in report.skipped.sorted(by: { $0.key < $1.key }) { story.tell("SKIPPED \(kind): \(reason)") }
    let begun = ContinuousClock.now
    try await cluster.startAll()
    // Of a hostile validator nothing is asked or expected.
    let judged = options.hostile ? cluster.without(HostileRun.number) : cluster
    let load = try Load(judged, clients: Run.clients, seed: configuration.seed)
    try await load.open()
    let votes = VoteMonitor(cluster.files.genesis)
    let changes = SetChangeBook()
    let checker = Checker(cluster: judged, load: load, votes: votes, changes: changes)
    let runner = FaultRunner(
      cluster: cluster, load: load, votes: votes, changes: changes, clock: clock, system: system,
      folder: configuration.directory, story: story, begun: begun)
    defer {
      report.sent = load.history.all.count
      report.acknowledged = load.history.acknowledged
      report.resubmitted = load.history.resubmitted
      report.changes = changes.all
    }
    let first = report
    // Returns an error as a value, so that the report includes everything done before it.
    let (disturbed, error) = try await load.run { () -> (Report, (any Error)?) in
      var report = first
      do {
        try await disturb(cluster, load, checker, runner, kinds, &report)
        return (report, nil)
      } catch {
        return (report, error)
      }
    }
    report = disturbed
    if let error { throw error }
    story.tell("the load has ended; checking the whole chain of every node")
    report.verdict = try await checker.finish()
  }

  private func disturb(
    _ cluster: ChaosCluster, _ load: Load, _ checker: Checker, _ runner: FaultRunner, _ kinds: [FaultKind],
    _ report: inout Report
  ) async throws {
    _ = try await cluster.waitForProgress(within: Run.progressLimit, after: "the first start")
    story.tell("\(cluster.nodes.count) nodes are working; seed \(configuration.seed)")
    var random = SeededGenerator(seed: configuration.seed).fork("run")
    if options.hostile {
      let run = HostileRun(
        cluster: cluster, honest: checker.cluster, load: load, story: story, seed: configuration.seed)
      let hostile = try await run.go(options.chosenPlays, seconds: options.seconds, isBrief: options.brief)
      report.hostile = hostile
      try await recover("the plays of the hostile validator", checker.cluster, checker, &random, &report)
      let broken = hostile.plays.flatMap { play in play.broken.map { "\(play.play.rawValue): \($0)" } }
      if !broken.isEmpty { throw ChaosError.broken(.insider, broken.joined(separator: "; ")) }
      return
    }
    if options.nodes > 3 {
      let measurement = LivenessMeasurement(cluster: cluster, load: load, story: story)
      let liveness = try await measurement.measure(
        seconds: options.liveness ? 20 : 5, dead: Int.random(in: 1...options.nodes, using: &random))
      report.liveness = liveness
      try await recover("the measurement with one dead node", cluster, checker, &random, &report)
      if options.liveness {
        if let shortfall = liveness.shortfall { throw ChaosError.broken(.liveness, shortfall) }
        return
      }
    }
    let end = options.minutes.map { ContinuousClock.now + .seconds($0 * 60) }
    let schedule = Schedule(
      seed: configuration.seed, kinds: kinds, nodes: options.nodes, smallDisk: cluster.smallDiskNode, isOnce: end == nil
    )
    for step in schedule {
      if let end, ContinuousClock.now > end { break }
      story.tell("\(step)")
      report.schedule.append(String(format: "%.1f s  ", story.seconds) + step.description)
      for fault in step.faults { report.faults[fault.kind.rawValue, default: 0] += 1 }
      try await runner.run(step)
      try await recover(step.description, cluster, checker, &random, &report)
    }
  }

  /// Checks, after everything is healed, that the cluster makes progress and still confirms its earlier answers.
  private func recover(
    _ what: String, _ cluster: ChaosCluster, _ checker: Checker, _ random: inout SeededGenerator, _ report: inout Report
  ) async throws {
    let seconds = try await cluster.waitForProgress(within: Run.progressLimit, after: what)
    story.tell(String(format: "  all healthy and ahead after %.1f s", seconds))
    if seconds > report.worstRecovery?.seconds ?? 0 {
      report.worstRecovery = Report.Recovery(seconds: seconds, after: what)
    }
    try await checker.checkpoint(using: &random)
    try await cluster.waitUntilSettled(within: Run.progressLimit, after: what)
  }

  /// The requested kinds of faults that can be injected on this system.
  private func chosenKinds(
    _ cluster: ChaosCluster, _ clock: FakeClock?, _ system: SystemFaults?, _ skipped: inout [String: String]
  ) -> [FaultKind] {
    guard !options.liveness, !options.hostile else { return [] }
    return ((try? options.kinds) ?? FaultKind.allCases).filter { kind in
      let reason: String?
      switch kind {
      case _ where kind.needsNetwork && cluster.network == nil:
        reason = configuration.refusal ?? "no network namespaces"
      case .slow where cluster.shaper == .none: reason = "the kernel supports neither netem nor tbf"
      case .fullDisk where cluster.smallDisk == nil: reason = "no file system can be mounted here"
      case .clock where clock == nil:
        reason = "libfaketime is not installed; Scripts/chaos --with-clock installs it"
      case .diskErrors where system == nil, .lyingDisk where system == nil:
        reason = "there is no system-faults.so beside the program; Scripts/chaos builds it"
      // These faults may cost a node its votes or its part in the chain, so the chain must tolerate a faulty node.
      case .wipe, .restore, .twin, .fullDisk, .clock, .bitFlip, .diskErrors, .lyingDisk, .validators:
        reason = Schedule.tolerated(options.nodes) > 0 ? nil : "\(options.nodes) nodes tolerate no fault"
      default: reason = nil
      }
      if let reason { skipped[kind.rawValue] = reason }
      return reason == nil
    }
  }

  private func failure(_ error: any Error, _ cluster: ChaosCluster) async -> Report.Failure {
    var states: [Report.NodeState] = []
    for node in cluster.nodes {
      states.append(
        Report.NodeState(
          name: node.name, running: await node.pid != nil, status: await node.status(), health: await node.health(),
          lastLines: node.lastWords()))
    }
    let explained = error as? any ExplainedError
    return Report.Failure(
      code: explained?.code ?? "chaos.failed", message: explained?.explanation ?? "\(error)",
      nextStep: explained?.nextStep ?? "run again with --keep and read node.log of each node", nodes: states)
  }
}
