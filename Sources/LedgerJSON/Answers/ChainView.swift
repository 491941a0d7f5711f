internal import Ledger
public import Primitives

/// The name, suite and genesis digest of a chain.
public struct ChainView: Codable, Hashable, Sendable {
  public var name: String
  public var suite: Suite
  /// The digest of the genesis, to which transactions and signatures are bound.
  public var genesis: Digest

  public init(name: String, suite: Suite, genesis: Digest) {
    self.name = name
    self.suite = suite
    self.genesis = genesis
  }

  public var context: ChainContext { ChainContext(suite: suite, genesis: genesis) }
}
