internal import Primitives

/// Admits a member and opens the account of the same name. Requires the administrators, or a registrar if the member becomes
/// neither administrator nor registrar.
public struct MemberAdd: Hashable, Sendable {
  public var name: Name
  public var description: String
  public var authority: MemberAuthority

  /// The operation in the form in which it lies in a buffer.
  @frozen
  public struct View: Hashable, Sendable, BitwiseCopyable {
    public let name: Name
    public let description: ByteRange
    public let authority: MemberAuthorityView
  }
}

extension Operation {
  public static func memberAdd(name: Name, description: String, authority: MemberAuthority) -> Operation {
    .memberAdd(MemberAdd(name: name, description: description, authority: authority))
  }
}

extension MemberAdd: LedgerOperation {
  func encode(into writer: inout Writer) {
    name.encode(into: &writer)
    writer.text(description)
    authority.encode(into: &writer)
  }

  init(_ view: View, in buffer: RawSpan) {
    name = view.name
    description = view.description.text(in: buffer)
    authority = MemberAuthority(view.authority, in: buffer)
  }

  var touched: TouchedEntries { TouchedEntries(openedAccount: AccountName(name)) }
}

extension MemberAdd.View: LedgerOperationView {
  init(from reader: inout Reader) throws(CodecError) {
    name = try Name(from: &reader, "member")
    description = try reader.textRange(limit: Limits.descriptionBytes, "description")
    authority = try MemberAuthorityView(from: &reader)
  }

  var requiredAuthority: RequiredAuthority { isForRegistrars ? .administratorsOrRegistrar : .administrators }
  private var isForRegistrars: Bool { authority.roles.isDisjoint(with: .governing) }
  static var changesAuthority: Bool { true }
  var touched: TouchedEntries { TouchedEntries(openedAccount: AccountName(name)) }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    let registrar = isForRegistrars ? state.signers.registrar : nil
    guard state.administratorsAct || registrar != nil else { return .administratorsMissing }
    guard state.members.slot(of: name) == nil else { return .memberExists }
    if !state.administratorsAct, let registrar, !state.admissions.spend(authority.keyCount, of: registrar) {
      return .memberTooManyAdmissions
    }
    let authority = MemberAuthority(authority, in: buffer)
    let fault = state.keyFault(authority.keys, of: nil)
    guard fault == .applied else { return fault }
    state.admit(
      Member(name: name, description: description.text(in: buffer), authority: authority, suspension: nil))
    return .applied
  }
}
