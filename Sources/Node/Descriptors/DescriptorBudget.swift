internal import BlockLog
internal import Foundation
package import Logging
internal import PeerNetwork
internal import Primitives

/// Divides the file descriptors that the system grants the process. The node's own needs come first, so that the log
/// can open its next segment even when clients of the API have used up their share.
package struct DescriptorBudget: Equatable, Sendable {
  /// With fewer connections, the API would be useless.
  package static let leastConnections = 16
  /// API connections above the limit that have been accepted and are not closed yet.
  package static let acceptMargin = 32
  /// The maximum number of open folders, each a disk with its files: log, its reader, its check, archive (source and
  /// target), snapshots, and a spare.
  private static let disks = 7
  /// For the query index: the database, its two side files and its readers.
  private static let index = 32
  /// For standard streams, locks, listening sockets and name look-ups.
  private static let process = 32
  /// For each event loop.
  private static let loop = 3

  /// The number of descriptors that the system grants.
  package let limit: Int
  /// The number reserved for everything except API connections.
  package let reserved: Int
  /// The number of connections that the API may have.
  package let connections: Int

  /// Nil if `limit` is too low. The API gets `wanted` connections if there is room for them, otherwise fewer.
  package init?(limit: Int, nodes: Int, processors: Int, wanted: Int) {
    self.limit = limit
    reserved = DescriptorBudget.reserve(nodes: nodes, processors: processors)
    connections = min(wanted, limit - reserved)
    guard connections >= min(wanted, DescriptorBudget.leastConnections) else { return nil }
  }

  private static func reserve(nodes: Int, processors: Int) -> Int {
    let peers = PeerNetworkLimits()
    // Per peer a link, its successor, and one connection from its address; connections not authenticated yet and
    // connections being closed.
    let links = 3 * (nodes - 1) + peers.pendingConnections + peers.closingConnections
    let loops = processors + PeerNetworkConfiguration.standardThreads
    return disks * (FileDisk.openFiles + 2) + index + process + loop * loops + links + acceptMargin
  }

  /// Raises the soft limit of the process to what the node needs, as far as the hard limit allows, and divides what
  /// there is.
  package static func secure(
    nodes: Int, wanted: Int, logger: Logger
  ) throws(NodeError) -> DescriptorBudget {
    let processors = ProcessInfo.processInfo.activeProcessorCount
    let reserve = reserve(nodes: nodes, processors: processors)
    // More nodes may come while this one runs.
    let limit = raiseLimit(to: DescriptorBudget.reserve(nodes: Limits.nodes, processors: processors) + wanted)
    guard
      let budget = DescriptorBudget(limit: limit, nodes: nodes, processors: processors, wanted: wanted)
    else { throw .tooFewDescriptors(limit: limit, need: reserve + leastConnections) }
    if budget.connections < wanted {
      logger.warning(
        "the API can have \(budget.connections) connections instead of \(wanted): the limit of open files is \(limit)",
        metadata: [
          "need": "\(reserve + wanted)", "next": "raise the limit (ulimit -n, LimitNOFILE), or lower api.connections",
        ])
    }
    return budget
  }

  /// Returns the resulting limit of open files.
  private static func raiseLimit(to need: Int) -> Int {
    var granted = rlimit()
    guard getrlimit(resource, &granted) == 0 else { return need }
    if granted.rlim_cur < need, granted.rlim_cur < granted.rlim_max {
      var raised = granted
      raised.rlim_cur = min(rlim_t(need), granted.rlim_max)
      if setrlimit(resource, &raised) == 0 { granted = raised }
    }
    return Int(min(granted.rlim_cur, rlim_t(Int32.max)))
  }

  #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let resource = RLIMIT_NOFILE
  #endif
}
