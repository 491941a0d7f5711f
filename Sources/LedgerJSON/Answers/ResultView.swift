public import Ledger
public import Primitives

/// The result of executing a block.
public struct ResultView: Codable, Hashable, Sendable {
  public var digest: Digest
  public var stateRoot: Digest
  public var outcomeRoot: Digest
  /// The epoch of the blocks above, and the digest of its configuration.
  public var epoch: UInt64?
  public var configuration: Digest?

  public init(_ result: BlockResult, digest: Digest) {
    self.digest = digest
    stateRoot = result.stateRoot
    outcomeRoot = result.outcomeRoot
    epoch = result.above?.epoch.rawValue
    configuration = result.above?.configuration
  }
}
