public import Ledger

/// Which of the open holds to list. `GET /v1/holds`.
public enum HoldFilter: Hashable, Sendable {
  case all
  /// Those of this account as payer or as payee.
  case account(AccountName)
  case from(AccountName)
  case to(AccountName)
  /// The payer's hold with this reference.
  case reference(HoldReference, from: AccountName)
}
