package import Primitives
package import Replica

/// What a node reads about once a second of its machine, its queues and its peers.
package struct Observations: Sendable {
  /// A file system that holds something of the node.
  package struct Volume: Equatable, Sendable {
    /// The first of the node's folders on it.
    package var folder: String
    package var freeBytes: UInt64
    package var totalBytes: UInt64
    /// How many files there may still be, and in all; 0 of 0 where the file system has no such limit.
    package var freeFiles: UInt64
    package var totalFiles: UInt64

    package init(folder: String, freeBytes: UInt64, totalBytes: UInt64, freeFiles: UInt64, totalFiles: UInt64) {
      self.folder = folder
      self.freeBytes = freeBytes
      self.totalBytes = totalBytes
      self.freeFiles = freeFiles
      self.totalFiles = totalFiles
    }
  }

  /// How much of something is used.
  package struct Usage: Equatable, Sendable {
    package var used: UInt64
    package var limit: UInt64

    package init(used: UInt64, limit: UInt64) {
      self.used = used
      self.limit = limit
    }

    /// Whether at least this percentage is used.
    func reaches(percent: UInt64) -> Bool { limit > 0 && Double(used) * 100 >= Double(limit) * Double(percent) }
  }

  /// Each element is about another file system.
  package var volumes: [Volume] = []
  /// Nil where the system does not say.
  package var descriptors: Usage?
  /// Bytes; nil where the system does not say.
  package var memory: Usage?
  /// The longest time that the log has waited for the disk since the last observation, in microseconds.
  package var longestSync: UInt64 = 0
  /// Inputs that wait for the replica.
  package var inputs: Usage?
  package var poolTransactions: Usage?
  package var poolBytes: Usage?
  package var largestShare: Mempool.LargestShare?
  /// The last height on this node, and those that linked validators said.
  package var height = Height.genesis
  package var peerHeights: [Height] = []
  /// The last height in the query index; nil if there is no index.
  package var indexHeight: Height?
  /// Messages that never reached the log of messages, since the start.
  package var droppedMessages = 0
  /// Why the last link with a node ended, or could not be made, by its name. Those that are linked have none.
  package var linkFaults: [String: any ExplainedError] = [:]

  package init() {}
}
