import ArgumentParser
import Primitives

struct ClusterUp: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up",
    abstract: "Start all nodes of a cluster.",
    discussion: """
      Shows the nodes and the blocks that become final, until you press Ctrl-C, which stops the nodes that this command \
      started. With --detach it returns as soon as a quorum is healthy, and the nodes keep running in the background; \
      `cluster stop` stops them. A node's output is in node.log in its directory.

      Examples:
        roadbed cluster up --dir demo
        roadbed cluster up --dir demo --detach
      """)

  @OptionGroup var cluster: ClusterOptions

  @Flag(help: "Return when a quorum is healthy, and leave the nodes running.")
  var detach = false

  @Option(help: ArgumentHelp("How long to wait for a quorum.", valueName: "seconds"))
  var timeout = 60

  @OptionGroup var output: OutputOptions

  func validate() throws { try WaitingTime.check(timeout) }

  func run() async throws {
    let cluster = try cluster.cluster()
    // From here on, Ctrl-C must stop the started nodes.
    let interruption = Interruption()
    var launch = ClusterLaunch(cluster, nodes: cluster.file.nodes)
    do {
      try launch.start()
      let views = try await launch.waitUntilWorking(within: .seconds(timeout))
      report(launch, views)
      if detach { return }
      try await ClusterWatch(launch).run(until: interruption)
    } catch {
      _ = try? await launch.stop()
      throw error
    }
    let stopped = try await launch.stop()
    Console.print("stopped \(stopped.joined(separator: ", ")); everything is on disk")
  }

  private func report(_ launch: ClusterLaunch, _ views: [NodeView]) {
    if output.json {
      try? Console.printJSON(ClusterStatusAnswer(launch.cluster, views, nil))
      return
    }
    for name in launch.alreadyRunning { Console.print("\(name) is already running") }
    for ended in launch.ended { Console.print("\(ended.node.name) exited during its start: \(ended.lastWords)") }
    let healthy = views.filter(\.isHealthy)
    Console.print(
      Console.styled("working", .green) + ": \(healthy.count) of \(views.count) nodes healthy, "
        + "\(launch.cluster.quorum.size) needed")
    guard let node = healthy.first?.node else { return }
    Console.print("  API: \(node.api)/v1/status")
    if detach { Console.next("\(launch.cluster.command("status")), \(launch.cluster.command("stop"))") }
  }
}
