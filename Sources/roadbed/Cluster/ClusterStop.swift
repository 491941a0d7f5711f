import ArgumentParser
import Foundation
import Ledger
import LedgerJSON

struct ClusterStop: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop",
    abstract: "Stop nodes of a cluster cleanly.",
    discussion: """
      Sends SIGTERM to every running node, or to the nodes you name, and waits until they have exited. A node that is \
      not running is not an error.

      Examples:
        roadbed cluster stop --dir demo
        roadbed cluster stop --dir demo node3
      """)

  @Argument(help: ArgumentHelp("The nodes to stop. Default: all.", valueName: "node"))
  var nodes: [String] = []

  @OptionGroup var cluster: ClusterOptions

  @Option(help: ArgumentHelp("How long to wait.", valueName: "seconds"))
  var timeout = 30

  @OptionGroup var output: OutputOptions

  func validate() throws { try WaitingTime.check(timeout) }

  func run() async throws {
    let cluster = try cluster.cluster()
    let processes = try cluster.nodes(named: nodes).map(cluster.process)
    let stopped = try await ClusterStop.stop(processes, seconds: timeout)
    if output.json { return try Console.printJSON(NodesAnswer(nodes: stopped)) }
    if stopped.isEmpty { return Console.print("no node was running") }
    Console.print("stopped \(stopped.joined(separator: ", ")); everything is on disk")
  }

  /// Stops all these processes at the same time and returns the names of those that were running.
  static func stop(_ processes: [NodeProcess], seconds: Int) async throws -> [String] {
    let running = processes.compactMap { process in process.send(SIGTERM).map { (process, pid: $0) } }
    let deadline = ContinuousClock.now + .seconds(seconds)
    for (process, pid) in running {
      let left = max(.zero, deadline - .now)
      guard await process.waitForEnd(of: pid, within: left) else { throw CommandError.stillRunning(process, seconds) }
    }
    return running.map(\.0.name)
  }
}

extension CommandError {
  static func stillRunning(_ process: NodeProcess, _ seconds: Int) -> CommandError {
    CommandError(
      code: "cluster.still-running",
      explanation:
        "\(process.name) (pid \(process.pid.map { "\($0)" } ?? "-")) is still running after \(seconds) seconds",
      nextStep:
        "see the end of \(process.logFile); `\(process.command("kill"))` kills it immediately and loses nothing final")
  }

  static func notRunning(_ process: NodeProcess) -> CommandError {
    CommandError(
      code: "cluster.not-running", explanation: "\(process.name) is not running",
      nextStep: "start it: \(process.command("start"))")
  }
}
