public import Primitives

/// What executing a block led to.
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
