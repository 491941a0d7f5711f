import ArgumentParser
import Ledger
import LedgerJSON
import Primitives

struct ClusterStatus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the state of each node of a cluster.",
    discussion: """
      The exit status is 0 if a quorum of the chain's validators is healthy, so that transactions become final, otherwise 1. \
      Of validators that `roadbed cluster new` did not make, only the links are known.

      Example:
        roadbed cluster status --dir demo
      """)

  @OptionGroup var cluster: ClusterOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let cluster = try cluster.cluster()
    let probe = NodeProbe(cluster)
    let views = await probe.look(at: cluster.file.nodes)
    let answer = ClusterStatusAnswer(cluster, views, await probe.validators(seenBy: views))
    if output.json {
      try Console.printJSON(answer)
    } else {
      print(answer, views, cluster)
    }
    if !answer.working { throw ExitCode(ErrorReport.failure) }
  }

  private func print(_ answer: ClusterStatusAnswer, _ views: [NodeView], _ cluster: Cluster) {
    var table = Table("NODE", "STATE", "PID", "HEIGHT", "VIEW", "PEERS", "POOL", "API")
    for view in views {
      let connected = view.status.map { status in "\(status.peers.count(where: \.connected))/\(status.peers.count)" }
      table.add(
        "\(view.node.name)", view.state + (view.status?.role == .observer ? " (observer)" : ""),
        view.pid.map { "\($0)" } ?? "-", view.status.map { "\($0.height)" } ?? "-",
        view.status.map { "\($0.view)" } ?? "-", connected ?? "-",
        view.status.map { "\($0.mempool.transactions)" } ?? "-", view.node.api)
    }
    table.print()
    for view in views {
      for reason in view.health?.findings ?? [] {
        Console.print("\(view.node.name) [\(reason.code)]: \(Printable.text(reason.explanation))")
        Console.next(Printable.text(reason.nextStep))
      }
      if let silence = view.silence {
        Console.print("\(view.node.name): \(silence)")
        let process = cluster.process(of: view.node)
        Console.next(
          view.isSuspended
            ? "kill -CONT \(view.pid ?? 0)"
            : "see the end of \(process.logFile); `\(process.command("kill"))` kills it and loses nothing final")
      }
    }
    for other in answer.elsewhere {
      Console.print(
        "\(other.name): a validator that `roadbed cluster new` did not make, "
          + (other.connected ? "linked with the others and counted as healthy" : "not linked"))
    }
    let summary = "\(answer.healthy) of \(answer.validators) healthy, \(answer.quorum) needed"
    Console.print(
      (answer.working ? Console.styled("working", .green) : Console.styled("not working", .red)) + ": \(summary)")
  }
}
