package import Primitives

/// What one run of the world is made of: sizes, link quality, which faults happen and how often.
package struct SwarmOptions: Equatable, Sendable {
  package var validators = 4
  package var suite = Suite.p256SHA256
  /// Signatures of OpenSSL instead of the world's tags, on few seeds; with Ed25519 a run is the same each time.
  package var hasRealSignatures = false
  package var leaderTimeoutMilliseconds: UInt32 = 100
  package var quality = LinkQuality.local
  /// Microseconds that a sync of a disk takes.
  package var syncDelay: ClosedRange<UInt64> = 100...300
  /// Microseconds that a batch of signatures takes to check.
  package var verifyDelay: ClosedRange<UInt64> = 5...50
  /// Microseconds for which the effects of a step may wait while further inputs are taken, as those of a busy node do;
  /// nil: each step's are handed out at once.
  package var handOutDelay: ClosedRange<UInt64>?
  /// Parts per million by which clocks may run too fast or slow, and milliseconds that wall clocks may be off.
  package var clockGain: Int64 = 0
  package var wallLead: Int64 = 0

  // MARK: Costs
  /// What work costs on the nodes' machines; nil: nothing, apart from the delays above.
  package var costs: SimulatedCosts?
  /// Where the validators stand; nil: `quality` holds between any two.
  package var sites: SiteDelays?
  /// Whether pools are as large as those of a real node.
  package var hasFullPool = false

  // MARK: Clients
  /// Microseconds between two actions of the clients.
  package var clientPause: ClosedRange<UInt64> = 500...5000
  /// Whether clients send only plain transfers, for measuring.
  package var isPlainWorkload = false
  /// Bytes of the memo on each transfer, at most 64.
  package var memoBytes = 0

  // MARK: Faults
  /// Microseconds between two faults; nil: none happen.
  package var faultPause: ClosedRange<UInt64>?
  package var faults: Set<FaultKind> = []
  /// Validators, at most f, that do not keep the rules.
  package var traitors = 0
  package var traitorKind = TraitorKind.twins

  // MARK: Snapshots
  /// Heights from one snapshot to the next; 0: none are made.
  package var snapshotInterval: UInt64 = 0
  /// How many heights a peer must be ahead before a snapshot is fetched rather than blocks.
  package var snapshotGap: UInt64 = .max
  /// Heights whose blocks stay in the log at least; nil: all.
  package var historyKept: UInt64?

  // MARK: Phases
  /// Finalized heights, or microseconds, after which everything is healed.
  package var chaosHeights: UInt64 = 40
  package var chaosTicks: UInt64 = 20_000_000
  /// Microseconds within which the healed cluster must have made progress.
  package var healTicks: UInt64 = 60_000_000

  // MARK: Watching
  /// Every how many steps the replica's own invariants are checked; 0: never.
  package var stepsPerCheck = 16
  /// Lines of the trace kept for the report.
  package var traceLines = 0

  package init() {}

  /// A swarm's member: every fault class is on or off, rates are drawn.
  package static func drawn(seed: UInt64, validators: Int) -> SwarmOptions {
    var generator = SeededGenerator(seed: seed).fork("options")
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
    var options = SwarmOptions()
    options.validators = validators
    options.quality = [LinkQuality.local, .building, .wide, .lossy].randomElement(using: &generator) ?? .local
    options.leaderTimeoutMilliseconds = [50, 100, 250].randomElement(using: &generator) ?? 100
    if options.quality.spread > 1000 { options.leaderTimeoutMilliseconds = 250 }
    options.clientPause = [500...5000, 2000...40_000, 100_000...900_000].randomElement(using: &generator) ?? 500...5000
    options.clockGain = chance(30) ? 20_000 : 0
    options.wallLead = chance(30) ? 400 : 0
    options.syncDelay = chance(20) ? 1000...20_000 : 100...300
    if chance(85) {
      options.faultPause = chance(50) ? 5000...200_000 : 50_000...1_000_000
      for kind in FaultKind.allCases where chance(kind == .restartStorm ? 15 : 40) { options.faults.insert(kind) }
    }
    let tolerated = Quorum(validators: validators).faults
    if tolerated > 0, chance(30) {
      options.traitors = Int.random(in: 1...tolerated, using: &generator)
      options.traitorKind = TraitorKind.allCases.randomElement(using: &generator) ?? .twins
      options.faults.subtract([.lostDirectory, .bitFlip])
    }
    options.chaosHeights = UInt64.random(in: 10...60, using: &generator)
    if chance(60) {
      options.snapshotInterval = [2, 5, 10].randomElement(using: &generator) ?? 5
      options.snapshotGap = UInt64.random(in: 1...12, using: &generator)
      if chance(50) { options.historyKept = UInt64.random(in: 1...8, using: &generator) }
    }
    if chance(2) {
      options.hasRealSignatures = true
      options.suite = .ed25519SHA256
    }
    if chance(50) { options.handOutDelay = chance(50) ? 1...200 : 1...5000 }
    return options
  }

  /// No faults and plain transfers, sent so often that there is always work: for measuring.
  package static func speed(validators: Int) -> SwarmOptions {
    var options = SwarmOptions()
    options.validators = validators
    options.isPlainWorkload = true
    options.clientPause = 400...800
    options.chaosHeights = 20_000
    options.chaosTicks = .max / 4
    options.stepsPerCheck = 0
    return options
  }

  /// As `drawn`, with fewer heights and clients and more faults to each: for many seeds in little time.
  package static func brief(seed: UInt64, validators: Int) -> SwarmOptions {
    var options = drawn(seed: seed, validators: validators)
    options.clientPause = 10_000...120_000
    options.chaosHeights = options.chaosHeights / 4
    options.chaosTicks = 5_000_000
    if options.faultPause != nil { options.faultPause = 10_000...250_000 }
    options.stepsPerCheck = 64
    return options
  }
}
