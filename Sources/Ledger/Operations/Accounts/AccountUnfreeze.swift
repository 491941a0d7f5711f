internal import Primitives

/// Lifts a freeze. Requires the administrators.
@frozen
public struct AccountUnfreeze: Hashable, Sendable, BitwiseCopyable {
  public var account: AccountName
}

extension Operation {
  public static func accountUnfreeze(account: AccountName) -> Operation {
    .accountUnfreeze(AccountUnfreeze(account: account))
  }
}

extension AccountUnfreeze: LedgerOperation, LedgerOperationView {
  typealias View = AccountUnfreeze

  func encode(into writer: inout Writer) { account.encode(into: &writer) }

  init(from reader: inout Reader) throws(CodecError) { account = try AccountName(from: &reader) }

  var requiredAuthority: RequiredAuthority { .administrators }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { TouchedEntries(account) }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode { state.setFrozen(account, false) }
}
