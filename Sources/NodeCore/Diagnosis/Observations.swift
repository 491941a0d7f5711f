package import Primitives

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
    func isAbove(percent: UInt64) -> Bool { limit > 0 && Double(used) * 100 >= Double(limit) * Double(percent) }
  }

  /// The member who uses most of the pool.
  package struct LargestShare: Equatable, Sendable {
    package var member: String
    package var transactions: UInt64
    package var bytes: UInt64

    package init(member: String, transactions: UInt64, bytes: UInt64) {
      self.member = member
      self.transactions = transactions
      self.bytes = bytes
    }
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
  package var largestShare: LargestShare?
  /// The last height on this node, and those that linked validators said.
  package var height = Height.genesis
  package var peerHeights: [Height] = []
  /// The last height in the query index; nil if there is no index.
  package var indexHeight: Height?
  /// Messages that never reached the log of messages, since the start.
  package var droppedMessages = 0
  /// Why there is no link with a node, by its name.
  package var troubles: [String: LinkTrouble] = [:]

  package init() {}
}
