internal import Primitives

/// Which of the open holds to list.
package enum HoldList: Sendable {
  case all
  /// Those of one payer's account.
  case from(AccountName)
  /// Those for one payee's account.
  case to(AccountName)
}
