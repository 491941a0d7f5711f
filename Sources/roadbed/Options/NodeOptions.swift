import ArgumentParser
import Foundation
import LedgerClient

/// The node that a command queries.
struct NodeOptions: ParsableArguments {
  /// The default for `--node`: base URLs, separated by spaces or commas.
  static let variable = "ROADBED_NODE"

  @Option(
    help: ArgumentHelp(
      "The base URL of a node's API, such as http://127.0.0.1:7501. Repeat to give other nodes to try. Default: the "
        + "nodes of --dir, or $\(NodeOptions.variable).", valueName: "url"))
  var node: [String] = []

  @OptionGroup var cluster: ClusterOptions

  /// The cluster given with `--dir` or its variable, or nil if there is none.
  func knownCluster() throws -> Cluster? { cluster.given == nil ? nil : try cluster.cluster() }

  /// The command `roadbed` with `words` and the options for the same nodes, for the user to run. It omits options that
  /// the environment already provides.
  func command(_ words: String) -> String {
    let options =
      node.map { " --node \(Paths.quoted($0))" } + (cluster.directory.map { [" --dir \(Paths.quoted($0))"] } ?? [])
    return "roadbed \(words)\(options.joined())"
  }

  private var environmentURLs: [String] {
    let environment = ProcessInfo.processInfo.environment[NodeOptions.variable] ?? ""
    return environment.split { $0 == " " || $0 == "," }.map(String.init)
  }

  /// The cluster whose nodes are asked, or nil if there is none or others are asked. The command line overrides the
  /// environment.
  func askedCluster() throws -> Cluster? {
    node.isEmpty && (cluster.directory != nil || environmentURLs.isEmpty) ? try knownCluster() : nil
  }

  /// The base URLs in the order in which they are tried; empty if none is given.
  func urls() throws -> [String] {
    if let cluster = try askedCluster() { return cluster.file.nodes.map(\.api) }
    return node.isEmpty ? environmentURLs : node
  }
}

extension NodeOptions {
  /// Calls `body` with a client for these nodes.
  func withClient<Value>(_ body: (LedgerClient) async throws -> Value) async throws -> Value {
    let texts = try urls()
    guard !texts.isEmpty else { throw CommandError.noNode }
    let nodes = try texts.map { try NodeAddress.parse($0) }
    return try await LedgerClient.with(nodes: nodes, body)
  }
}

extension CommandError {
  static let noNode = CommandError(
    code: "command.no-node", explanation: "nothing says which node to ask",
    nextStep: "add --node URL, or --dir DIR for a cluster on this machine, or set $\(NodeOptions.variable)")
}
