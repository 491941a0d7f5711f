public import Ledger
public import Primitives

/// The sums of a statement, which agree with the movements of the node and with every proof that was given.
public struct ReconciledStatement: Sendable {
  public let period: StatementPeriod
  /// The last block of the period.
  public let closing: Height
  /// What the account had at the beginning and at the end, of every asset of which it had something or that moved.
  public let openingAmounts: [Name: AccountAmounts]
  public let closingAmounts: [Name: AccountAmounts]
  /// The number of movements.
  public let count: Int
  public let decimals: [Name: UInt8]

  public var account: AccountName { period.account }
  public var opening: Height { period.opening }
  public var assets: [Name] { decimals.keys.sorted() }

  /// Whether nothing was there at the beginning because no chain begins with balances.
  public var beginsWithChain: Bool { opening == .genesis }
}
