internal import Primitives

/// Closes an empty account below a member's own. Its name can be opened again. Requires its owner.
@frozen
public struct AccountClose: Hashable, Sendable, BitwiseCopyable {
  public var account: AccountName
}

extension Operation {
  public static func accountClose(account: AccountName) -> Operation { .accountClose(AccountClose(account: account)) }
}

extension AccountClose: LedgerOperation, LedgerOperationView {
  typealias View = AccountClose

  func encode(into writer: inout Writer) { account.encode(into: &writer) }

  init(from reader: inout Reader) throws(CodecError) { account = try AccountName(from: &reader) }

  var requiredAuthority: RequiredAuthority { .member(account.owner) }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { TouchedEntries(account) }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard let slot = state.openAccount(account) else { return .accountUnknown }
    let row = state.accounts.rows[Int(slot)]
    guard !state.isSuspended(row.owner) else { return .memberSuspended }
    guard state.signers.contains(row.owner) else { return .authorityMissing }
    guard account != AccountName(account.owner) else { return .accountMain }
    guard !row.account.isFrozen else { return .accountFrozen }
    guard state.derived.uses.isUnused(slot) else { return .accountNotEmpty }
    state.accounts.change(slot) { row in
      row.isClosed = true
      row.account.description = ""
    }
    return .applied
  }
}
