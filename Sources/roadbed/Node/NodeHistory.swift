import Foundation
import Ledger
import Node

/// A node's data on disk, located through the node's settings just as a running node does.
struct NodeHistory {
  let settings: NodeSettings
  let genesis: Genesis
  let folders: HistoryFolders

  /// Reads the settings and the genesis file. Refuses a chain whose blocks and snapshots this version cannot read.
  /// - Parameter genesis: the genesis file to trust; nil for the node's own.
  init(directory: String, genesis: String?) throws {
    guard Paths.isDirectory(directory) else { throw CommandError.noNodeDirectory(directory, log: "folder log") }
    settings = try NodeSettings.load(
      directory: directory, environment: NodeEnvironment.forNodes(ProcessInfo.processInfo.environment))
    guard Paths.isDirectory(settings.logDirectory) || Paths.isDirectory(settings.snapshotDirectory) else {
      throw CommandError.noNodeDirectory(directory, log: "log at \(settings.logDirectory)")
    }
    self.genesis = try GenesisFile.read(genesis ?? settings.genesisFile)
    try self.genesis.requireExecutedVersion()
    folders = HistoryFolders(settings)
  }
}

extension CommandError {
  static func noNodeDirectory(_ directory: String, log: String) -> CommandError {
    let isCluster = Paths.exists(Paths.join(directory, ClusterFile.name))
    return CommandError(
      code: "audit.no-node-directory", explanation: "\(directory) has no \(log), so it is not a node's directory",
      nextStep: isCluster
        ? "it is a cluster's directory: give one of its nodes, such as \(Paths.join(directory, "node1"))"
        : "give the node's directory")
  }
}
