import ArgumentParser
import Primitives
import Simulation

/// Which seeds run, and what each run consists of.
struct SimulateOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Run one seed.", valueName: "s"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("Run the seeds A to B, inclusive.", valueName: "a..b"))
  var seeds: SeedRange?

  @Option(
    help: ArgumentHelp(
      "The number of validators, 1 to 100; or mixed: 4 for most seeds, up to 16 for some.", valueName: "n"))
  var nodes = NodeCount(count: 4)

  @Option(help: ArgumentHelp("How many views are finalized under faults before everything is healed.", valueName: "v"))
  var views: UInt64?

  @Option(help: "The network for every run.")
  var network: NetworkKind?

  @Option(help: ArgumentHelp("The only faults that may happen, separated by commas.", valueName: "names"))
  var faults: FaultList?

  @Flag(help: "Inject no faults; the network still behaves as chosen.")
  var noFaults = false

  @Option(help: ArgumentHelp("What the traitors do, as many as the protocol tolerates; or none.", valueName: "kind"))
  var byzantine: ByzantineKind?

  @Flag(help: "Sign with Ed25519 instead of the simulation's own tags. Much slower.")
  var realSignatures = false

  @Flag(help: "Measure speed: no faults, constant work, 20000 views unless --views is given.")
  var speed = false

  #if DEBUG
    @Option(help: ArgumentHelp("Run with a deliberate defect, which the simulation must catch.", valueName: "name"))
    var mutation: Mutation?
  #endif

  /// The seeds to run, in ascending order.
  var range: ClosedRange<UInt64> { seed.map { $0...$0 } ?? seeds?.range ?? (speed ? 1...1 : 1...20) }

  func validate() throws {
    if seed != nil, seeds != nil { throw ValidationError("--seed and --seeds contradict each other: use only one.") }
    if noFaults, faults != nil {
      throw ValidationError("--faults and --no-faults contradict each other: use only one.")
    }
    if let views, !(1...1_000_000_000).contains(views) {
      throw ValidationError("--views is \(views); it must be 1 to 1000000000.")
    }
  }

  func plan() throws -> RunPlan {
    var plan = RunPlan()
    plan.validators = nodes.count
    plan.views = views
    plan.network = network
    plan.faults = noFaults ? [] : faults?.kinds
    if let byzantine {
      plan.isByzantineDecided = true
      plan.traitorKind = byzantine.kind
    }
    plan.hasRealSignatures = realSignatures
    plan.isSpeedRun = speed
    return plan
  }

  /// The command that runs one of these seeds again.
  func replay(_ plan: RunPlan, seed: UInt64) -> String {
    let words = (["roadbed", "simulate"] + plan.arguments(seed: seed)).joined(separator: " ")
    #if DEBUG
      if let mutation { return words + " --mutation \(mutation.rawValue)" }
    #endif
    return words
  }

  func underMutation<Answer: Sendable>(_ body: @Sendable () async -> Answer) async -> Answer {
    #if DEBUG
      return await Mutation.$current.withValue(mutation) { await body() }
    #else
      return await body()
    #endif
  }
}

extension NetworkKind: ExpressibleByArgument {}

#if DEBUG
  extension Mutation: ExpressibleByArgument {}
#endif
