/// The chain to which every signed or hashed statement is bound.
public struct ChainContext: Hashable, Sendable, BitwiseCopyable {
  public var suite: Suite
  /// The digest of the genesis, which names the chain.
  public var genesis: Digest

  public init(suite: Suite, genesis: Digest) {
    self.suite = suite
    self.genesis = genesis
  }
}
