/// The transactions that wait for a block.
public struct MempoolView: Codable, Hashable, Sendable {
  public var transactions: Int
  public var bytes: Int

  public init(transactions: Int, bytes: Int) {
    self.transactions = transactions
    self.bytes = bytes
  }
}
