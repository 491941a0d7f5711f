/// Finds out what an account had before a series of movements from what it has after them. The movements may come in any
/// order.
///
/// The result is a claim: whether it is possible shows when a `AccountStatement` adds the movements to it in order.
public struct StatementRewind: Hashable, Sendable {
  /// What the account had, by asset.
  public private(set) var amounts: [Name: AccountAmounts]

  public init(from amounts: [Name: AccountAmounts]) { self.amounts = amounts }

  public mutating func takeBack(_ movement: Movement) {
    let after = amounts[movement.asset] ?? .none
    amounts[movement.asset] = AccountAmounts(
      available: after.available.unwound(by: movement.available), held: after.held.unwound(by: movement.held))
  }
}
