import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// A cluster, as its directory describes it.
struct Cluster {
  /// The cluster's directory, as an absolute path.
  let directory: String
  /// The directory as the user wrote it, for commands in messages.
  let given: String
  let file: ClusterFile

  init(directory: String) throws {
    let path = Paths.absolute(directory)
    let description = Paths.join(path, ClusterFile.name)
    guard Paths.exists(description) else { throw CommandError.noCluster(directory) }
    self.directory = path
    given = directory
    let bytes = try TextFile.read(description)
    do {
      file = try AnswerCoding.decode(ClusterFile.self, from: Data(bytes))
    } catch {
      throw CommandError.clusterFileDamaged(
        description, (error as? DecodingError)?.place ?? "it is not the JSON of a \(ClusterFile.name)")
    }
    guard file.format == ClusterFile.format else {
      throw CommandError.clusterFileDamaged(description, "its format is \(file.format), not \(ClusterFile.format)")
    }
  }

  var genesisFile: String { Paths.join(directory, file.genesis) }

  func process(of node: ClusterNode) -> NodeProcess {
    NodeProcess(name: "\(node.name)", directory: Paths.join(directory, node.directory), cluster: given)
  }

  func node(named name: String) throws(CommandError) -> ClusterNode {
    guard let node = file.nodes.first(where: { "\($0.name)" == name }) else {
      throw .noSuchNode(name, known: file.nodes.map { "\($0.name)" })
    }
    return node
  }

  /// The nodes with these names, or all nodes if `names` is empty.
  func nodes(named names: [String]) throws(CommandError) -> [ClusterNode] {
    if names.isEmpty { return file.nodes }
    var nodes: [ClusterNode] = []
    for name in names { nodes.append(try node(named: name)) }
    return nodes
  }

  /// A `roadbed cluster` command on these nodes, or on the whole cluster if `nodes` is empty, that the user can run.
  func command(_ verb: String, _ nodes: [String] = []) -> String {
    (["roadbed cluster \(verb) --dir \(Paths.quoted(given))"] + nodes).joined(separator: " ")
  }

  /// The path of a member's key file, or nil if the cluster has none.
  func keyFile(of member: String) -> String? {
    file.members.first { "\($0.name)" == member }.map { Paths.join(directory, $0.key) }
  }

  var quorum: Quorum { Quorum(validators: max(1, file.nodes.count)) }
}

extension CommandError {
  static func noCluster(_ directory: String) -> CommandError {
    CommandError(
      code: "cluster.none", explanation: "\(directory) has no \(ClusterFile.name), so it is not a cluster's directory",
      nextStep: "give the directory of a cluster, or create one: roadbed cluster new --dir \(directory) --nodes 4")
  }

  static func clusterFileDamaged(_ path: String, _ reason: String) -> CommandError {
    CommandError(
      code: "cluster.damaged", explanation: "\(path) cannot be used: \(reason)",
      nextStep: "restore it from a backup, or create a new cluster in another directory")
  }

  static func noSuchNode(_ name: String, known: [String]) -> CommandError {
    CommandError(
      code: "cluster.no-such-node", explanation: "the cluster has no node named \(name)",
      nextStep: "use one of: \(known.joined(separator: ", "))")
  }
}
