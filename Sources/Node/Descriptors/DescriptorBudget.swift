internal import BlockLog
internal import Foundation
package import Logging
internal import PeerNetwork

/// How the descriptors that the system grants the process are shared out. What the node itself needs comes first: clients
/// of the API can then use up their part, and the log still gets its next segment.
package struct DescriptorBudget: Equatable, Sendable {
  /// Fewer, and an API would be of no use.
  package static let leastConnections = 16
  /// Connections of the API beyond its limit that were accepted and are not closed yet.
  package static let acceptMargin = 32
  /// Folders that are open at once at most, each a disk with its files: log, its reader, its check, archive (source and
  /// target), snapshots, and a spare.
  private static let disks = 7
  /// The query index: the database, its two side files and its readers.
  private static let index = 32
  /// Standard streams, lock, listening sockets, name look-ups.
  private static let process = 32
  /// An event loop's own.
  private static let loop = 3

  /// What the system grants.
  package let limit: Int
  /// For everything but the API's connections.
  package let reserved: Int
  /// Connections that the API may have.
  package let connections: Int

  /// Nil if `limit` is too low. `wanted` connections are given if there is room for them.
  package init?(limit: Int, validators: Int, processors: Int, wanted: Int) {
    self.limit = limit
    reserved = DescriptorBudget.reserve(validators: validators, processors: processors)
    connections = min(wanted, limit - reserved)
    guard connections >= min(wanted, DescriptorBudget.leastConnections) else { return nil }
  }

  private static func reserve(validators: Int, processors: Int) -> Int {
    let peers = PeerNetworkLimits()
    // A link and its successor, those that have not proved who they are, and those that are being closed.
    let links = 2 * (validators - 1) + peers.pendingConnections + peers.closingConnections
    let loops = processors + PeerNetworkConfiguration.standardThreads
    return disks * (FileDisk.openFiles + 2) + index + process + loop * loops + links + acceptMargin
  }

  /// Raises the process's own limit to what the node needs, as far as it may, and shares out what there is.
  package static func secure(
    validators: Int, wanted: Int, logger: Logger
  ) throws(NodeError) -> DescriptorBudget {
    let processors = ProcessInfo.processInfo.activeProcessorCount
    let reserve = reserve(validators: validators, processors: processors)
    let limit = raiseLimit(to: reserve + wanted)
    guard
      let budget = DescriptorBudget(limit: limit, validators: validators, processors: processors, wanted: wanted)
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

  /// The limit of open files as it is then.
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
