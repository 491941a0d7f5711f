internal import Primitives

/// Opens an account. Requires its owner.
public struct AccountOpen: Hashable, Sendable {
  public var account: AccountName
  public var description: String

  /// The operation in the form in which it lies in a buffer.
  @frozen
  public struct View: Hashable, Sendable, BitwiseCopyable {
    public let account: AccountName
    public let description: ByteRange
  }
}

extension Operation {
  public static func accountOpen(account: AccountName, description: String) -> Operation {
    .accountOpen(AccountOpen(account: account, description: description))
  }
}

extension AccountOpen: LedgerOperation {
  func encode(into writer: inout Writer) {
    account.encode(into: &writer)
    writer.text(description)
  }

  init(_ view: View, in buffer: RawSpan) {
    account = view.account
    description = view.description.text(in: buffer)
  }

  var touched: TouchedEntries { TouchedEntries(account) }
}

extension AccountOpen.View: LedgerOperationView {
  init(from reader: inout Reader) throws(CodecError) {
    account = try AccountName(from: &reader)
    description = try reader.textRange(limit: Limits.descriptionBytes, "description")
  }

  var requiredAuthority: RequiredAuthority { .member(account.owner) }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { TouchedEntries(account) }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard let owner = state.members.slot(of: account.owner) else { return .memberUnknown }
    guard !state.isSuspended(owner) else { return .memberSuspended }
    guard state.signers.contains(owner) else { return .authorityMissing }
    guard state.has(owner, .participant) || state.has(owner, .issuer) || state.has(owner, .administrator) else {
      return .roleMissing
    }
    guard state.openAccount(account) == nil else { return .accountExists }
    state.addAccount(account, description.text(in: buffer), owner)
    return .applied
  }
}
