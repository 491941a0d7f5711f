/// What every signed or hashed statement of a chain is bound to.
public struct ChainContext: Hashable, Sendable, BitwiseCopyable {
  public var suite: Suite
  /// The digest of the genesis; names the chain.
  public var genesis: Digest

  public init(suite: Suite, genesis: Digest) {
    self.suite = suite
    self.genesis = genesis
  }
}
