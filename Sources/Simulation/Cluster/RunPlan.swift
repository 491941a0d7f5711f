internal import Primitives

/// The requested properties of runs, apart from their seeds. Whatever is not specified is drawn from the seed.
package struct RunPlan: Equatable, Sendable {
  /// Nil draws a number for each seed: 4 for most, up to 16 for some.
  package var validators: Int? = 4
  /// How many views are finalized under faults before everything is healed.
  package var views: UInt64?
  package var network: NetworkKind?
  /// The only faults that may happen.
  package var faults: Set<FaultKind>?
  /// What f traitors do. Unless `isByzantineDecided`, each seed draws whether there are any.
  package var traitorKind: TraitorKind?
  package var isByzantineDecided = false
  package var hasRealSignatures = false
  /// No faults and constant work, for measuring speed.
  package var isSpeedRun = false

  package init() {}

  /// The options for one seed. The same plan and seed give the same run.
  package func options(seed: UInt64) -> SwarmOptions {
    let count = validators ?? RunPlan.mixedValidators(seed: seed)
    var options = isSpeedRun ? SwarmOptions.speed(validators: count) : .brief(seed: seed, validators: count)
    if let views {
      options.chaosHeights = views
      // At least as much time for each view as the shortest run has.
      options.chaosTicks = max(options.chaosTicks, views.multipliedReportingOverflow(by: 2_000_000).partialValue)
      // Every restart reads the whole log; a long run with a restart at each height would do little else.
      if views > 100 {
        if options.faultPause != nil { options.faultPause = 300_000...3_000_000 }
        options.clientPause = 10_000...50_000
        if options.setPause != nil { options.setPause = 100_000...1_000_000 }
      }
    }
    if let network {
      options.quality = network.quality
      options.leaderTimeoutMilliseconds = max(options.leaderTimeoutMilliseconds, network == .local ? 50 : 250)
    }
    if let faults {
      options.faults = faults
      options.faultPause = faults.isEmpty ? nil : options.faultPause ?? 10_000...250_000
    }
    if isByzantineDecided {
      options.traitors = traitorKind == nil ? 0 : Quorum(validators: count).faults
      options.traitorKind = traitorKind ?? .twins
    }
    if hasRealSignatures {
      options.hasRealSignatures = true
      // The only suite whose signatures are deterministic here.
      options.suite = .ed25519SHA256
    }
    return options
  }

  private static func mixedValidators(seed: UInt64) -> Int {
    var generator = SeededGenerator(seed: seed).fork("size")
    return Int.random(in: 0..<10, using: &generator) == 0 ? Int.random(in: 1...16, using: &generator) : 4
  }

  /// The arguments of `roadbed simulate` that run one seed of this plan again.
  package func arguments(seed: UInt64) -> [String] {
    var words = ["--seed", "\(seed)", "--nodes", "\(validators ?? RunPlan.mixedValidators(seed: seed))"]
    if isSpeedRun { words.append("--speed") }
    if let views { words += ["--views", "\(views)"] }
    if let network { words += ["--network", network.rawValue] }
    if let faults {
      let names = FaultKind.allCases.filter { faults.contains($0) }.map(\.rawValue)
      words += names.isEmpty ? ["--no-faults"] : ["--faults", names.joined(separator: ",")]
    }
    if isByzantineDecided { words += ["--byzantine", traitorKind?.rawValue ?? "none"] }
    if hasRealSignatures { words.append("--real-signatures") }
    return words
  }
}
