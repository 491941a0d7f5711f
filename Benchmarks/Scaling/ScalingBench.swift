import ArgumentParser
import Foundation
import Simulation

/// Throughput and latency of clusters of various sizes and distances, calculated and simulated. The simulation runs the
/// production replicas of all validators in one cluster in which every step, byte, verification and sync has its measured
/// cost. Documentation/scaling.md explains the tables.
@main
struct ScalingBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scaling-bench",
    abstract: "Simulate clusters of many sizes under load, with measured costs.")

  @Option(help: "Numbers of validators, with commas.") var validators = "4,7,16,31,64,100"
  @Option(help: "Delays, with commas: \(DelayModel.allCases.map(\.rawValue).joined(separator: ", ")).")
  var delays = "lan,region,world"
  @Option(help: "Cores of a node that check signatures.") var cores = 4
  @Option(help: "Megabits a second that a node can send.") var bandwidth: UInt64 = 1000
  @Option(help: "Nanoseconds of a core for one signature check.") var check = SimulatedCosts().check
  @Option(help: "Measured blocks of a run.") var views = 16
  @Option(help: "Blocks before those.") var warmUp = 6
  @Option(help: "Δ, in milliseconds.") var leaderTimeout: UInt32 = 1000
  @Option(
    help:
      "Transactions that clients have open at once, over all nodes; by default what the ceiling on paper allows in 0.4 s and 8 delays."
  )
  var inFlight: Int?
  @Option(help: "Transactions a second of the light load.") var lightRate = 2.0
  @Option(help: "Simulated seconds of a run at most.") var seconds: UInt64 = 60
  @Option var seed: UInt64 = 1
  @Flag(help: "Print one JSON value.") var json = false

  private struct Result: Encodable {
    var delays: DelayModel
    var load: String
    var paperTransactionsPerSecond: Double
    var figures: LoadFigures
  }

  func run() throws {
    let sizes = try validators.split(separator: ",").map { text in
      guard let size = Int(text), (1...256).contains(size) else {
        throw ValidationError("--validators has '\(text)'; it must be 1 to 256.")
      }
      return size
    }
    let models = try delays.split(separator: ",").map { text in
      guard let model = DelayModel(rawValue: String(text)) else {
        throw ValidationError(
          "--delays has '\(text)'; known are \(DelayModel.allCases.map(\.rawValue).joined(separator: ", ")).")
      }
      return model
    }
    guard cores > 0, bandwidth > 0, views > 0, lightRate > 0 else {
      throw ValidationError("--cores, --bandwidth, --views and --light-rate must be above 0.")
    }
    guard warmUp >= 0 else { throw ValidationError("--warm-up has \(warmUp), and must not be below 0.") }
    if let inFlight, let most = sizes.max(), inFlight < most {
      throw ValidationError("--in-flight has \(inFlight); each of \(most) nodes needs one.")
    }
    if !json { printPaper(sizes) }
    var results: [Result] = []
    for isSaturating in [true, false] {
      for model in models {
        for size in sizes { results.append(try measure(size, model, isSaturating: isSaturating)) }
      }
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      print(String(decoding: try encoder.encode(results), as: UTF8.self))
    } else {
      printSaturating(results.filter { $0.load == "saturating" })
      printLight(results.filter { $0.load == "light" })
    }
  }

  private var costs: SimulatedCosts {
    var costs = SimulatedCosts()
    costs.cores = cores
    costs.check = check
    costs.bandwidth = bandwidth * 1_000_000
    return costs
  }

  private func paper(_ size: Int, _ delayMilliseconds: Double) -> PaperModel {
    PaperModel(validators: size, costs: costs, delay: delayMilliseconds * 1e6)
  }

  private func measure(_ size: Int, _ model: DelayModel, isSaturating: Bool) throws -> Result {
    let delay = model.sites.meanMilliseconds(validators: size)
    let paper = paper(size, delay)
    var plan = LoadPlan()
    plan.validators = size
    plan.seed = seed
    plan.costs = costs
    plan.sites = model.sites
    plan.leaderTimeoutMilliseconds = leaderTimeout
    plan.maximumSeconds = seconds
    plan.warmUpBlocks = warmUp
    plan.blocks = views
    if isSaturating {
      plan.inFlight = inFlight ?? Int(paper.ceiling * (0.4 + 8 * delay / 1000))
      plan.callSize = max(1, min(50, plan.inFlight / size / 4))
      // More than the cluster can take, so that the transactions in flight soon reach their limit.
      plan.offeredPerSecond = 3 * paper.ceiling
    } else {
      plan.offeredPerSecond = lightRate
    }
    let begun = ContinuousClock.now
    let (figures, violation) = LoadRun(plan).run()
    if let violation { throw Broken(text: "\(size) validators, \(model.rawValue): \(violation)") }
    let load = isSaturating ? "saturating" : "light"
    var said = "\(size) validators, \(model.rawValue), \(load): \(ContinuousClock.now - begun)"
    if figures.blocks < views { said += ", only \(figures.blocks) of \(views) blocks in \(seconds) simulated seconds" }
    FileHandle.standardError.write(Data("\(said)\n".utf8))
    return Result(delays: model, load: load, paperTransactionsPerSecond: paper.ceiling, figures: figures)
  }

  private struct Broken: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
  }

  // MARK: Tables

  private func printPaper(_ sizes: [Int]) {
    print("\(cores) cores for checks, \(bandwidth) Mbit/s, Δ \(leaderTimeout) ms, blocks of full size")
    print("\non paper: transactions a second by each limit alone")
    var table = Table(["n", "checks", "replica", "line", "TLS", "in a row", "votes/view ms", "certificates/view kB"])
    for size in sizes {
      let paper = paper(size, 0)
      table.add([
        "\(size)", number(1e9 / paper.check), number(1e9 / paper.replica), number(1e9 / paper.line),
        number(1e9 / paper.network), number(1e9 / paper.serial), number(paper.voteChecks / 1e6, 2),
        number(paper.certificates / 1000),
      ])
    }
    print(table.text)
  }

  private func printSaturating(_ results: [Result]) {
    print("\nas much as it takes")
    var table = Table([
      "delays", "n", "paper", "tx/s", "tx/block", "views/s", "p50 ms", "p99 ms", "leader MB/s", "checks", "replica",
      "TLS", "line", "sending", "votes", "rest", "vote checks", "again", "given up",
    ])
    for result in results {
      let figures = result.figures
      table.add([
        result.delays.rawValue, "\(figures.validators)", number(result.paperTransactionsPerSecond),
        number(figures.transactionsPerSecond), number(figures.transactionsPerBlock),
        number(figures.blocksPerSecond, 1), number(figures.latencyMedian), number(figures.latency99),
        number(figures.leaderBytesPerSecond / 1e6, 1), percent(figures.checkShare), percent(figures.replicaShare),
        percent(figures.networkShare), percent(figures.outgoingShare), percent(figures.sendingShare),
        percent(figures.votingShare), percent(figures.buildingShare), number(figures.voteChecksPerBlock),
        number(figures.copiesAgainPerBlock, 1),
        "\(figures.viewsGivenUp)",
      ])
    }
    print(table.text)
  }

  private func printLight(_ results: [Result]) {
    print("\n\(number(lightRate)) transactions a second, each alone")
    var table = Table([
      "delays", "n", "tx/block", "p50 ms", "p99 ms", "checks/view", "frames/view", "kB/view", "given up",
    ])
    for result in results {
      let figures = result.figures
      table.add([
        result.delays.rawValue, "\(figures.validators)", number(figures.transactionsPerBlock, 1),
        number(figures.latencyMedian, 1), number(figures.latency99, 1), number(figures.checksPerBlock),
        number(figures.framesPerBlock),
        number(figures.nodeBytesPerSecond / max(figures.blocksPerSecond, 1e-9) / 1000), "\(figures.viewsGivenUp)",
      ])
    }
    print(table.text)
  }
}
