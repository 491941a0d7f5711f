public import Primitives

/// A part of the movements of an account, oldest first. `GET /v1/account-movements`.
public struct MovementsPage: Codable, Hashable, Sendable {
  public var items: [MovementView]
  /// The height for which the answer is true: it includes every movement asked for in blocks up to this height.
  public var height: Height
  /// What the account has after block `height`, as in the account itself; only in the first part.
  public var balances: [BalanceView]?
  /// The value to request the next part with, as `after`; absent in the last part.
  public var next: String?

  public init(items: [MovementView], height: Height, balances: [BalanceView]? = nil, next: String? = nil) {
    self.items = items
    self.height = height
    self.balances = balances
    self.next = next
  }
}
