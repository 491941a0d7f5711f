import ArgumentParser
import Foundation
import Simulation

struct SimulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Run whole clusters in one process under seeded faults, and check every promise.",
    discussion: """
      Runs the validators' own code in a simulated world that one number determines: its network, clocks, disks, \
      crashes, clients and traitors. Every promise is checked from outside throughout the run. Then everything is \
      healed, and the cluster must recover in bounded time. The same seed and options give the same run on every machine.

      Whatever you do not specify is drawn from the seed. The exit status is 1 if a promise is broken; each such seed is \
      shown with the command that runs it again.

      Faults: \(FaultKind.allCases.map(\.rawValue).joined(separator: ", ")).
      Traitors: \(TraitorKind.allCases.map(\.rawValue).joined(separator: ", ")).

      Examples:
        roadbed simulate --seeds 1..1000
        roadbed simulate --seeds 1..50 --nodes 31 --network wan --byzantine twins
        roadbed simulate --seed 7 --trace
        roadbed simulate --speed
      """)

  @OptionGroup var choice: SimulateOptions

  @Option(help: ArgumentHelp("How many seeds run at the same time. Default: one for each core.", valueName: "n"))
  var jobs: Int?

  @Flag(help: "Print every event of the run, line by line. For one seed only.")
  var trace = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs is \(jobs); it must be 1 to 256.") }
    if trace, choice.range.count > 1 { throw ValidationError("--trace shows a single run: give --seed S.") }
  }

  func run() async throws {
    let plan = try choice.plan()
    let jobs = min(jobs ?? ProcessInfo.processInfo.activeProcessorCount, choice.range.count)
    let progress = SeedProgress(total: choice.range.count, isShown: Console.isOutputTerminal && !output.json)
    let clock = ContinuousClock()
    let start = clock.now
    let reports = await choice.underMutation {
      await SimulationCrew(plan: plan, traceLines: trace ? .max / 4 : 0, progress: progress)
        .run(seeds: choice.range, jobs: jobs)
    }
    progress.end()
    var summary = SimulationSummary(seconds: (clock.now - start) / .seconds(1), jobs: jobs)
    for report in reports.sorted(by: { $0.seed < $1.seed }) {
      summary.add(report, replay: choice.replay(plan, seed: report.seed))
    }
    if output.json {
      try Console.printJSON(summary)
    } else {
      for report in reports where trace { report.trace.forEach { Console.print($0) } }
      summary.print()
    }
    if !summary.broken.isEmpty { throw ExitCode(ErrorReport.failure) }
  }
}
