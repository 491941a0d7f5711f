internal import Ledger
public import Primitives

/// Which chain.
public struct ChainView: Codable, Hashable, Sendable {
  public var name: String
  public var suite: Suite
  /// The digest of the genesis: what transactions and signatures are bound to.
  public var genesis: Digest

  public init(name: String, suite: Suite, genesis: Digest) {
    self.name = name
    self.suite = suite
    self.genesis = genesis
  }

  public var context: ChainContext { ChainContext(suite: suite, genesis: genesis) }
}
