/// How many transactions of a block were applied, and how many failed.
public struct OutcomeCounts: Codable, Hashable, Sendable {
  public var applied: Int
  public var failed: Int

  public init(applied: Int, failed: Int) {
    self.applied = applied
    self.failed = failed
  }
}
