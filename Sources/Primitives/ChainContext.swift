/// The chain to which every signed or hashed statement is bound.
public struct ChainContext: Hashable, Sendable, BitwiseCopyable {
  public var suite: Suite
  /// The digest of the genesis, which names the chain.
  public var genesis: Digest
  /// Whether results of blocks name an epoch and its configuration. Those of chains of genesis version 1 and 2 do not.
  public var hasEpochs: Bool

  public init(suite: Suite, genesis: Digest, hasEpochs: Bool = true) {
    self.suite = suite
    self.genesis = genesis
    self.hasEpochs = hasEpochs
  }
}
