import ArgumentParser
import Foundation

struct ClusterStart: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Start nodes of a cluster in the background.",
    discussion: """
      Returns when their APIs answer. A node that was down catches up by itself.

      Example:
        roadbed cluster start --dir demo node2
      """)

  @Argument(help: ArgumentHelp("The nodes to start. Default: all.", valueName: "node"))
  var nodes: [String] = []

  @OptionGroup var cluster: ClusterOptions

  @Option(help: ArgumentHelp("How long to wait.", valueName: "seconds"))
  var timeout = 60

  @OptionGroup var output: OutputOptions

  func validate() throws { try WaitingTime.check(timeout) }

  func run() async throws {
    let cluster = try cluster.cluster()
    var launch = ClusterLaunch(cluster, nodes: try cluster.nodes(named: nodes))
    try launch.start()
    try await launch.waitUntilAnswering(within: .seconds(timeout))
    if output.json { return try Console.printJSON(NodesAnswer(nodes: launch.started.map(\.node.name))) }
    for name in launch.alreadyRunning { Console.print("\(name) is already running") }
    for started in launch.started { Console.print("started \(started.node.name) (pid \(started.pid))") }
  }
}
