public import Primitives

/// The result of executing a block.
public struct ResultView: Codable, Hashable, Sendable {
  public var digest: Digest
  public var stateRoot: Digest
  public var outcomeRoot: Digest

  public init(digest: Digest, stateRoot: Digest, outcomeRoot: Digest) {
    self.digest = digest
    self.stateRoot = stateRoot
    self.outcomeRoot = outcomeRoot
  }
}
