import LedgerClient
import LedgerJSON
import Primitives

/// The chain as one node reports it: what identifies the block and the result of each height, and the height of each
/// transaction.
struct ChainCopy: Sendable {
  struct Block: Hashable, Sendable {
    var digest: Digest
    var result: Digest
    var outcomes: OutcomeCounts
  }

  /// The first height that the node has, since a log may begin above a snapshot.
  var first: UInt64 = 1
  var blocks: [Block] = []
  var places: [Digest: Height] = [:]
  /// Transactions that the chain contains more than once.
  var doubled: [Digest] = []

  /// Reads the chain up to a height, several blocks at a time.
  static func read(from client: LedgerClient, to height: Height) async throws -> ChainCopy {
    var copy = ChainCopy()
    copy.first = try await firstHeight(of: client, upTo: max(1, height.rawValue))
    let views = try await Parallel.map(Array(copy.first...max(1, height.rawValue)), width: 8) {
      try await client.block(Height($0))
    }
    for view in views {
      copy.blocks.append(Block(digest: view.digest, result: view.result.digest, outcomes: view.outcomes))
      for id in view.transactions ?? [] {
        if copy.places.updateValue(view.height, forKey: id) != nil { copy.doubled.append(id) }
      }
    }
    return copy
  }
}

extension ChainCopy {
  /// Finds the first height that the node has by binary search: the node has all blocks from there on and none below.
  private static func firstHeight(of client: LedgerClient, upTo height: UInt64) async throws -> UInt64 {
    var low: UInt64 = 1
    var high = height
    while low < high {
      let middle = (low + high) / 2
      do throws(ClientError) {
        _ = try await client.block(Height(middle))
        high = middle
      } catch {
        guard error.isNotFound || error.isPruned else { throw error }
        low = middle + 1
      }
    }
    return low
  }

  /// The first height at which this copy differs from `whole`, which begins no later; nil if there is none.
  func firstDifference(from whole: ChainCopy) -> UInt64? {
    let offset = Int(first - whole.first)
    for (index, block) in blocks.enumerated() where block != whole.blocks[offset + index] {
      return first + UInt64(index)
    }
    return nil
  }
}

extension ClientError {
  /// Whether the node lacks a block because it began with a snapshot above it or pruned it.
  var isPruned: Bool { code == "block.pruned" }
}
