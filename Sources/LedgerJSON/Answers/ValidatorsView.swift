public import Ledger
public import Primitives

/// The validators that decide about the next block, in the order of their indices. `GET /v1/validators`.
public struct ValidatorsView: Codable, Hashable, Sendable {
  public var items: [ValidatorView]
  /// The height for which the answer is true.
  public var height: Height
  /// The epoch of the next block.
  public var epoch: UInt64
  /// The digest of its configuration, which changes to the set name.
  public var configuration: Digest
  /// The checkpoint of that epoch; absent in the first one.
  public var checkpoint: Checkpoint?

  public init(
    items: [ValidatorView], height: Height, epoch: UInt64, configuration: Digest, checkpoint: Checkpoint?
  ) {
    self.items = items
    self.height = height
    self.epoch = epoch
    self.configuration = configuration
    self.checkpoint = checkpoint
  }
}
