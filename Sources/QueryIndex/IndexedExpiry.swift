package import Ledger

/// An expired hold that the chain returned to its payer.
package struct IndexedExpiry: Hashable, Sendable {
  package var place: MovementPlace
  /// The payee's account.
  package var to: AccountName
  package var reference: HoldReference
  package var asset: Name
  package var amount: Amount
}
