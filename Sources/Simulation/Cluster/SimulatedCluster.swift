internal import BlockLog
internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

/// A cluster in one process: nodes with disks and clocks, links, clients, faults, and the oracles that watch them.
///
/// Everything that happens is an event in one queue, and every choice comes from one seed, so a run can be repeated.
final class SimulatedCluster {
  let options: SwarmOptions
  let population: Population
  /// What the nodes' configurations have in common in the newest epoch.
  lazy var configuration = configuration(holding: [])
  let ring: KeyRing
  var now = Tick(0)
  var queue = EventQueue()
  var nodes: [SimulatedNode] = []
  /// Indexed by sending, then by receiving node.
  var links: [[Link]] = []
  var quality: LinkQuality
  var workload: Workload
  var votes: VoteOracle
  var chain: ChainOracle
  var hash = RunningHash()
  var report: Report
  var trace = Trace(limit: 0)
  /// Buffers that no dispatch uses at the moment.
  var spareBuffers: [EffectBuffer] = []
  /// The unanswered submissions by token, with which answers are compared.
  var submissions: [UInt64: OpenSubmission] = [:]
  var lastToken: UInt64 = 0
  /// Transactions submitted after the healing, which must become final, and the numbers of the nodes that accepted them.
  var probes: [(id: Digest, node: Int)] = []
  /// The nodes that have accepted a probe, and the tokens of all probes.
  var probed: Set<Int> = []
  var probeTokens: Set<UInt64> = []
  var isHealed = false
  var healedAt = Tick(0)
  /// Watches the healed cluster, once it has made progress.
  var liveness: LivenessOracle?
  var areClientsActive = true
  var activeFaults: [Int: ActiveFault] = [:]
  var lastFault = 0
  /// The half of each pair of twins that a node talks to, by node and seat.
  var twinChoice: [[Int: Int]] = []
  /// The validators of each epoch.
  var sets: [SeatedSet] = []
  /// Changes of the validators that the administrators have asked for and that may still come.
  var openChanges: [OpenChange] = []
  /// Alters the state of node 0, so that it executes differently.
  var tampering: ((inout LedgerState) -> Void)?
  var watch: ((Observation) -> Void)?
  /// Measures the run, if it is a run under load.
  var meter: LoadMeter?

  /// The recent proposals of honest leaders, which `TraitorKind.headers` forges from.
  var proposals: [Digest: (proposal: Proposal, header: BlockHeader)] = [:]
  /// Hashes the blocks that traitors build.
  var forgeHash: HashFunction

  // One generator for each component, so that an additional draw in one does not shift the others.
  var networkGenerator: SeededGenerator
  var clientGenerator: SeededGenerator
  var chaosGenerator: SeededGenerator
  var operatorGenerator: SeededGenerator

  init(seed: UInt64, options: SwarmOptions) {
    let root = SeededGenerator(seed: seed)
    self.options = options
    ring = KeyRing(options.suite, isReal: options.hasRealSignatures, generator: root.fork("keys"))
    population = Population(options, ring: ring)
    forgeHash = HashFunction(options.suite)
    quality = options.quality
    networkGenerator = root.fork("network")
    clientGenerator = root.fork("clients")
    chaosGenerator = root.fork("chaos")
    operatorGenerator = root.fork("operators")
    workload = Workload(options, population: population, ring: ring, generator: root.fork("workload"))
    votes = VoteOracle(seats: population.seats.count, chain: population.chain, ring: ring)
    votes.begin(population.genesis.validatorSet)
    sets = [SeatedSet(population.genesis.validatorSet, population)]
    chain = ChainOracle(genesis: population.genesis, model: LedgerModel(population.genesis))
    report = Report(seed: seed, validators: options.validators)
    trace = Trace(limit: options.traceLines)
    makeNodes(root)
    pairTwins()
  }

  private func makeNodes(_ root: SeededGenerator) {
    func add(_ seat: Int, isHonest: Bool) {
      var generator = root.fork("node \(nodes.count)")
      let gain = options.clockGain
      let lead = options.wallLead
      let clock = SimulatedClock(
        offset: UInt64.random(in: 0...1_000_000_000, using: &generator),
        gain: Int64.random(in: -gain...gain, using: &generator),
        wallLead: Int64.random(in: -lead...lead, using: &generator))
      nodes.append(
        SimulatedNode(
          number: nodes.count, seat: seat, name: population.name(of: seat), key: population.keys[seat],
          isHonest: isHonest,
          clock: clock, syncDelay: options.syncDelay, generator: generator,
          isSignerElsewhere: options.areSignersElsewhere || options.faults.contains(.signerAway)))
    }
    let honest = options.validators - options.traitors
    for seat in 0..<options.validators { add(seat, isHonest: seat < honest) }
    if options.traitorKind == .twins {
      for seat in honest..<options.validators { add(seat, isHonest: false) }
    }
    for seat in population.seats.dropFirst(options.validators) { add(seat, isHonest: true) }
    links = Array(repeating: Array(repeating: Link(), count: nodes.count), count: nodes.count)
    twinChoice = Array(repeating: [:], count: nodes.count)
  }

  /// Records a broken promise, which ends the run.
  func fail(_ promise: @autoclosure () -> String) {
    guard report.violation == nil else { return }
    report.violation = promise()
    trace.add(now, "BROKEN: \(report.violation ?? "")")
  }

  func count(_ name: String, _ amount: Int = 1) { report.counts[name, default: 0] += amount }

  // MARK: Running

  /// Handles events until the next one lies after `deadline`, a promise is broken, or `isDone` returns true.
  func run(until deadline: Tick, isDone: () -> Bool) {
    var left = 0
    while report.violation == nil, let next = queue.nextTick, next <= deadline {
      // `isDone` costs more than most events, so it is asked once in 33 events.
      if left == 0, isDone() { return }
      left = left == 0 ? 32 : left - 1
      guard let (tick, event) = queue.pop() else { break }
      now = max(now, tick)
      handle(event)
    }
    if report.violation == nil, !isDone(), now < deadline { now = deadline }
  }

  private func handle(_ event: Event) {
    switch event {
    case .frame(let to, let run, let from, let bytes):
      guard let run = current(run, of: to), let peer = run.peer(at: from) else { return }
      if nodes[to].isPaused { return run.backlog.append(event) }
      report.frames += 1
      let receivers = SimulatedReceivers(cluster: self, node: nodes[to], run: run)
      FrameRouter.route(bytes, from: peer, to: receivers)
    case .late(let node, let run, let seat, let bytes):
      guard let run = current(run, of: node) else { return }
      carry(bytes, from: nodes[node], run, to: seat)
    case .machine(let node, let run, let work):
      guard let run = awake(run, of: node, for: event) else { return }
      handle(work, nodes[node], run)
    case .wake(let node, let run):
      guard let run = awake(run, of: node, for: event) else { return }
      wake(nodes[node], run)
    case .verified(let node, let run, let ticket, let results):
      guard awake(run, of: node, for: event) != nil else { return }
      step(nodes[node], .verified(ticket, results))
    case .handOut(let node, let run):
      guard let run = awake(run, of: node, for: event) else { return }
      handOut(nodes[node], run)
    case .synced(let node, let run):
      guard let run = current(run, of: node) else { return }
      finishSync(nodes[node], run)
    case .rest(let node, let run):
      guard let run = current(run, of: node) else { return }
      rest(nodes[node], run)
    case .request(let node, let run, let request, let tries):
      guard let run = awake(run, of: node, for: event) else { return }
      answer(request, nodes[node], run, tries: tries)
    case .copy(let node, let run):
      guard let run = awake(run, of: node, for: event) else { return }
      copy(nodes[node], run)
    case .snapshotWork(let node, let run):
      guard let run = awake(run, of: node, for: event) else { return }
      finishSnapshotWork(nodes[node], run)
    case .final(let node, let run, let asker, let height):
      guard let run = current(run, of: node), !nodes[node].isPaused else { return }
      serveFinal(height, of: nodes[node], run, to: nodes[asker])
    case .finalArrives(let node, let peer, let height, let bytes):
      receiveFinal(bytes, of: height, from: peer, at: nodes[node])
    case .repairWakes(let node): stepRepair(nodes[node])
    case .scrub(let node, let run):
      guard let run = awake(run, of: node, for: event) else { return }
      scrub(nodes[node], run)
    case .scrubWakes(let node, let run):
      guard let run = awake(run, of: node, for: event) else { return }
      stepRepair(nodes[node], run)
    case .link(let first, let second): connect(nodes[first], nodes[second])
    case .unlink(let first, let second):
      // A cut of before no longer closes a link that has been healed.
      if isHealed, nodes[first].isHonest, nodes[second].isHonest { return }
      disconnect(nodes[first], nodes[second])
      queue.push(.link(first, second), at: later(UInt64.random(in: 50_000...1_000_000, using: &networkGenerator)))
    case .start(let node): start(nodes[node])
    case .restart(let node, let run):
      guard current(run, of: node) != nil else { return }
      crash(nodes[node], losingPower: Bool.random(using: &nodes[node].generator), for: 1000...300_000)
    case .resume(let node, let run):
      if let run = current(run, of: node) { resume(nodes[node], run) }
    case .restore(let node, let run):
      if current(run, of: node) != nil { restore(nodes[node]) }
    case .faultEnds(let number): endFault(number)
    case .clients: actAsClient()
    case .chaos: injectFault()
    case .probe: probe()
    case .steadyProbe: probeSteadily()
    case .operators: administer()
    case .keys(let node, let run):
      guard let run = awake(run, of: node, for: event) else { return }
      attendKeys(nodes[node], run)
    case .asked(let node, let run, let request):
      if let run = current(run, of: node) { answer(request, nodes[node], run) }
    case .signed(let node, let run, let request, let answer):
      guard let run = awake(run, of: node, for: event) else { return }
      take(answer, to: request, nodes[node], run)
    case .signerBack(let node, let run):
      guard awake(run, of: node, for: event) != nil else { return }
      step(nodes[node], .signerBack)
    case .noise(let node, let run):
      if let run = current(run, of: node) { sendNoise(nodes[node], run) }
    }
  }

  /// The node's current run, if it is still the one with this number.
  private func current(_ run: UInt32, of node: Int) -> NodeRun? {
    guard let current = nodes[node].run, current.number == run else { return nil }
    return current
  }

  /// The same, unless the node is paused: then the event waits until it resumes.
  private func awake(_ run: UInt32, of node: Int, for event: Event) -> NodeRun? {
    guard let run = current(run, of: node) else { return nil }
    guard nodes[node].isPaused else { return run }
    run.backlog.append(event)
    return nil
  }

  func later(_ microseconds: UInt64) -> Tick { now.advanced(byMicroseconds: microseconds) }

  // MARK: Clients

  func actAsClient() {
    if meter != nil { return submitNextCall() }
    guard areClientsActive else { return }
    queue.push(.clients, at: later(UInt64.random(in: options.clientPause, using: &clientGenerator)))
    let running = nodes.filter { $0.run != nil && !$0.isPaused }
    guard let node = running.randomElement(using: &clientGenerator) else { return }
    submit(workload.next(at: clientTime, chain.model), to: node)
  }

  var clientTime: Timestamp { Timestamp(SimulatedClock.start + now.rawValue / 1000) }
}
