internal import Primitives

/// Prevents an account from paying; it can still receive. Requires the administrators.
@frozen
public struct AccountFreeze: Hashable, Sendable, BitwiseCopyable {
  public var account: AccountName
}

extension Operation {
  public static func accountFreeze(account: AccountName) -> Operation {
    .accountFreeze(AccountFreeze(account: account))
  }
}

extension AccountFreeze: LedgerOperation, LedgerOperationView {
  typealias View = AccountFreeze

  func encode(into writer: inout Writer) { account.encode(into: &writer) }

  init(from reader: inout Reader) throws(CodecError) { account = try AccountName(from: &reader) }

  var requiredAuthority: RequiredAuthority { .administrators }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { TouchedEntries(account) }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode { state.setFrozen(account, true) }
}
