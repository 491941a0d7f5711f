package import Primitives

/// The properties of one run: sizes, link quality, which faults happen and how often.
package struct SwarmOptions: Equatable, Sendable {
  /// The validators of genesis.
  package var validators = 4
  /// Further nodes, which the administrators may make validators.
  package var spares = 0
  package var suite = Suite.p256SHA256
  /// Signs with OpenSSL instead of with tags, for few seeds. Runs are reproducible with Ed25519 only.
  package var hasRealSignatures = false
  package var leaderTimeoutMilliseconds: UInt32 = 100
  package var quality = LinkQuality.local
  /// Microseconds that syncing a disk takes.
  package var syncDelay: ClosedRange<UInt64> = 100...300
  /// Microseconds that checking a batch of signatures takes.
  package var verifyDelay: ClosedRange<UInt64> = 5...50
  /// Microseconds for which the effects of a step may wait while the node receives further inputs, as in a busy node.
  /// Nil: the effects of each step are handed out immediately.
  package var handOutDelay: ClosedRange<UInt64>?
  /// How far clocks may run too fast or too slow, in parts per million, and wall clocks be wrong, in milliseconds.
  package var clockGain: Int64 = 0
  package var wallLead: Int64 = 0

  // MARK: Costs
  /// What work costs on the nodes' machines. Nil: nothing apart from the delays above.
  package var costs: SimulatedCosts?
  /// The sites of the validators. Nil: `quality` holds between any two.
  package var sites: SiteDelays?
  /// Whether mempools are as large as in a real node.
  package var hasFullPool = false

  // MARK: Clients
  /// Microseconds between two actions of clients.
  package var clientPause: ClosedRange<UInt64> = 500...5000
  /// Whether clients send plain transfers only, for measuring.
  package var isPlainWorkload = false
  /// Bytes in the memo of each transfer, at most 64.
  package var memoBytes = 0

  // MARK: Sets
  /// Microseconds between two actions of the administrators about nodes and validators. Nil: the validators stay the same.
  package var setPause: ClosedRange<UInt64>?
  /// The least number of validators that the administrators leave.
  package var fewestValidators = 1

  // MARK: Faults
  /// Microseconds between two faults. Nil: no faults happen.
  package var faultPause: ClosedRange<UInt64>?
  package var faults: Set<FaultKind> = []
  /// Whether the vote keys are with signers that have a memory of their own, although these are never away.
  package var areSignersElsewhere = false
  /// The number of traitors, at most f.
  package var traitors = 0
  package var traitorKind = TraitorKind.twins
  /// Frames of no use that a traitor of the kind `flood` sends with each other one.
  package var floodFrames = 8

  // MARK: Snapshots
  /// Heights from one snapshot to the next. 0: nodes make no snapshots.
  package var snapshotInterval: UInt64 = 0
  /// How many heights a peer must be ahead before a node fetches a snapshot instead of blocks.
  package var snapshotGap: UInt64 = .max
  /// The least number of heights whose blocks stay in the log. Nil: all of them.
  package var historyKept: UInt64?

  // MARK: Phases
  /// Finalized heights, or microseconds if they pass first, after which everything is healed.
  package var chaosHeights: UInt64 = 40
  package var chaosTicks: UInt64 = 20_000_000
  /// Microseconds within which the healed cluster must have made progress.
  package var healTicks: UInt64 = 60_000_000

  // MARK: Watching
  /// Steps from one check of the replica's own invariants to the next. 0: they are never checked.
  package var stepsPerCheck = 16
  /// Lines of the trace that the report keeps.
  package var traceLines = 0

  package init() {}

  /// Options drawn from the seed: each class of faults is on or off, and rates vary (swarm testing).
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
      for kind in FaultKind.allCases where kind != .signerAway && chance(kind == .restartStorm ? 15 : 40) {
        options.faults.insert(kind)
      }
    }
    let tolerated = Quorum(validators: validators).faults
    if tolerated > 0, chance(30) {
      options.traitors = Int.random(in: 1...tolerated, using: &generator)
      options.traitorKind = TraitorKind.allCases.randomElement(using: &generator) ?? .twins
      options.faults.subtract([.lostDirectory, .bitFlip, .bitRot])
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
    options.drawSets(seed: seed)
    options.drawSigners(seed: seed)
    return options
  }

  /// In half of the runs the signers are elsewhere, and in a quarter of those with faults they are away at times. Has its own
  /// generator, as below.
  private mutating func drawSigners(seed: UInt64) {
    var generator = SeededGenerator(seed: seed).fork("signers")
    if faultPause != nil, Int.random(in: 0..<4, using: &generator) == 0 { faults.insert(.signerAway) }
    areSignersElsewhere = Int.random(in: 0..<3, using: &generator) == 0
  }

  /// In two of five runs the validators change. Has its own generator, so that the other draws do not depend on it.
  private mutating func drawSets(seed: UInt64) {
    var generator = SeededGenerator(seed: seed).fork("sets")
    guard Int.random(in: 0..<5, using: &generator) < 2 else { return }
    spares = validators < 4 ? 3 : Int.random(in: 1...3, using: &generator)
    fewestValidators = Bool.random(using: &generator) ? 1 : min(4, validators)
    setPause = 100_000...1_500_000
  }

  /// No faults, and plain transfers sent so often that there is always work: for measuring.
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

  /// Like `drawn`, with fewer heights and client actions and more faults per height: for many seeds in little time.
  package static func brief(seed: UInt64, validators: Int) -> SwarmOptions {
    var options = drawn(seed: seed, validators: validators)
    options.clientPause = 10_000...120_000
    options.chaosHeights = options.chaosHeights / 4
    options.chaosTicks = 5_000_000
    if options.faultPause != nil { options.faultPause = 10_000...250_000 }
    if options.setPause != nil { options.setPause = 20_000...400_000 }
    options.stepsPerCheck = 64
    return options
  }
}
