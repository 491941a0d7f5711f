import Ledger
import LedgerClient

/// What an account had of an asset at one end of a statement.
struct StatementBalance: Encodable {
  var asset: Name
  var available: String
  var availableUnits: Amount
  var held: String
  var heldUnits: Amount
  /// What the available amount rests on. What is held is always the node's word.
  var basis: BalanceBasis

  init(_ asset: Name, _ amounts: AccountAmounts, _ basis: BalanceBasis, in statement: ReconciledStatement) {
    self.asset = asset
    available = statement.text(amounts.available, of: asset)
    availableUnits = amounts.available
    held = statement.text(amounts.held, of: asset)
    heldUnits = amounts.held
    self.basis = basis
  }
}

extension ReconciledStatement {
  var openingBalances: [StatementBalance] {
    assets.map { StatementBalance($0, openingAmounts[$0] ?? .none, openingBasis(of: $0), in: self) }
  }

  var closingBalances: [StatementBalance] {
    assets.map { StatementBalance($0, closingAmounts[$0] ?? .none, closingBasis(of: $0), in: self) }
  }
}
