public import Primitives

/// An executed block, with everything that the next block must build on.
public struct ChainPoint: Hashable, Sendable {
  public let height: Height
  /// The digest of the block's header.
  public let block: Digest
  /// The digest of the block's result.
  public let result: Digest
  public let timestamp: Timestamp
  public let stateRoot: Digest
  /// The epoch of the next block and its configuration.
  public let above: EpochReference

  package init(
    height: Height, block: Digest, result: Digest, timestamp: Timestamp, stateRoot: Digest, above: EpochReference
  ) {
    self.height = height
    self.block = block
    self.result = result
    self.timestamp = timestamp
    self.stateRoot = stateRoot
    self.above = above
  }
}
