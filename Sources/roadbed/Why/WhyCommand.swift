import ArgumentParser
import LedgerClient
import LedgerJSON
import Primitives

struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Say what is wrong with a chain and its nodes, or soon will be.",
    discussion: """
      Asks every node given with --node, or every node of the cluster of --dir, and shows what they find out about \
      themselves and each other: the worst first, and what is nearest to the cause before what follows from it. A node that \
      does not answer is part of the answer. Documentation/errors.md explains each code.

      The exit status is 0 if nothing is critical, otherwise 1.

      Examples:
        roadbed why --dir demo
        roadbed why --node http://127.0.0.1:7501
      """)

  @OptionGroup var nodes: NodeOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let answer = WhyAnswer(try await reports())
    if output.json { try Console.printJSON(answer) } else { answer.print() }
    if answer.isCritical { throw ExitCode(ErrorReport.failure) }
  }

  private func reports() async throws -> [NodeReport] {
    if let cluster = try nodes.askedCluster() {
      return await NodeProbe(cluster).look(at: cluster.file.nodes).map { NodeReport($0, in: cluster) }
    }
    let urls = try nodes.urls()
    guard !urls.isEmpty else { throw CommandError.noNode }
    let addresses = try urls.map { ($0, try NodeAddress.parse($0)) }
    return await withTaskGroup(of: (Int, NodeReport).self) { group in
      for (place, address) in addresses.enumerated() {
        group.addTask { (place, await NodeReport(asking: address.1, url: address.0)) }
      }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}
