/// The numbers of transactions of a block that were applied and that failed.
public struct OutcomeCounts: Codable, Hashable, Sendable {
  public var applied: Int
  public var failed: Int

  public init(applied: Int, failed: Int) {
    self.applied = applied
    self.failed = failed
  }
}
