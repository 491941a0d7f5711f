import ArgumentParser
import Foundation

struct ClusterKill: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kill",
    abstract: "Kill nodes as a crash would, with SIGKILL.",
    discussion: """
      Use it to see that nothing final is lost: the others continue as long as a quorum runs, and the node catches up \
      when you restart it.

      Example:
        roadbed cluster kill --dir demo node2
      """)

  @Argument(help: ArgumentHelp("The nodes to kill. Default: all that are running.", valueName: "node"))
  var nodes: [String] = []

  @OptionGroup var cluster: ClusterOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let cluster = try cluster.cluster()
    var killed: [String] = []
    for process in try cluster.nodes(named: nodes).map(cluster.process) {
      guard let pid = process.send(SIGKILL) else {
        if nodes.isEmpty { continue }
        throw CommandError.notRunning(process)
      }
      guard await process.waitForEnd(of: pid, within: .seconds(10)) else {
        throw CommandError.stillRunning(process, 10)
      }
      killed.append(process.name)
    }
    if output.json { return try Console.printJSON(NodesAnswer(nodes: killed)) }
    if killed.isEmpty { return Console.print("no node was running") }
    Console.print("killed \(killed.joined(separator: ", "))")
    Console.next(cluster.command("start", killed))
  }
}
