import LedgerClient
import LedgerJSON
import Primitives

/// The times of successive blocks, which their leaders gave them when they proposed them.
struct BlockTimes: Sendable {
  struct Block: Sendable {
    var height: Height
    var time: Timestamp
    /// The epoch of the blocks above it.
    var epochAbove: UInt64
  }

  /// In ascending order.
  var blocks: [Block]

  /// Reads the blocks from a height up to the newest one.
  static func read(from client: LedgerClient, above height: Height) async throws -> BlockTimes {
    var times = BlockTimes(blocks: [])
    var from = height.next
    while let first = from {
      let page = try await client.blocks(from: first, limit: 100)
      times.blocks += page.items.map { Block(height: $0.height, time: $0.time, epochAbove: $0.result.epoch ?? 0) }
      // A block that the node has not written down yet ends the list.
      from = page.next == nil || page.items.isEmpty ? nil : times.blocks.last?.height.next
    }
    return times
  }

  /// The last block of the epoch before, and the first one of an epoch; nil unless both are here.
  func opening(of epoch: UInt64) -> (closing: Block, opening: Block)? {
    guard let place = blocks.firstIndex(where: { $0.epochAbove == epoch }), place + 1 < blocks.count else { return nil }
    return (blocks[place], blocks[place + 1])
  }

  /// The longest time between two successive blocks, in milliseconds.
  var longestPause: UInt64 { zip(blocks, blocks.dropFirst()).map { $0.milliseconds(to: $1) }.max() ?? 0 }
}

extension BlockTimes.Block {
  /// From this block's time to that of a later one.
  func milliseconds(to later: BlockTimes.Block) -> UInt64 {
    later.time.rawValue - min(time.rawValue, later.time.rawValue)
  }
}
