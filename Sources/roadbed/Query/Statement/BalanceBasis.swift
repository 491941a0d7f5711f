import Ledger
import LedgerClient

/// What an opening or closing balance rests on.
enum BalanceBasis: String, Encodable {
  /// A proof of the balance, verified with genesis.
  case proof
  /// No chain begins with balances.
  case genesis
  /// Only the node says so.
  case node
}

extension ReconciledStatement {
  func text(_ amount: Amount, of asset: Name) -> String { amount.text(decimals: Int(decimals[asset] ?? 0)) }

  func openingBasis(of asset: Name) -> BalanceBasis {
    if period.provedOpening[asset] != nil { return .proof }
    return beginsWithChain ? .genesis : .node
  }

  func closingBasis(of asset: Name) -> BalanceBasis { period.provedClosing[asset] != nil ? .proof : .node }
}
