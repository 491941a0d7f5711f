internal import Primitives

/// Replaces a member's roles, keys and threshold. Requires the administrators.
public struct MemberUpdate: Hashable, Sendable {
  public var name: Name
  public var authority: MemberAuthority

  /// The operation in the form in which it lies in a buffer.
  @frozen
  public struct View: Hashable, Sendable, BitwiseCopyable {
    public let name: Name
    public let authority: MemberAuthorityView
  }
}

extension Operation {
  public static func memberUpdate(name: Name, authority: MemberAuthority) -> Operation {
    .memberUpdate(MemberUpdate(name: name, authority: authority))
  }
}

extension MemberUpdate: LedgerOperation {
  func encode(into writer: inout Writer) {
    name.encode(into: &writer)
    authority.encode(into: &writer)
  }

  init(_ view: View, in buffer: RawSpan) {
    name = view.name
    authority = MemberAuthority(view.authority, in: buffer)
  }

  var touched: TouchedEntries { .none }
}

extension MemberUpdate.View: LedgerOperationView {
  init(from reader: inout Reader) throws(CodecError) {
    name = try Name(from: &reader, "member")
    authority = try MemberAuthorityView(from: &reader)
  }

  var requiredAuthority: RequiredAuthority { .administrators }
  static var changesAuthority: Bool { true }
  var touched: TouchedEntries { .none }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard state.administratorsAct else { return .administratorsMissing }
    guard let slot = state.members.slot(of: name) else { return .memberUnknown }
    let authority = MemberAuthority(authority, in: buffer)
    let fault = state.keyFault(authority.keys, of: slot)
    guard fault == .applied else { return fault }
    let wasAdministrator = state.members.rows[Int(slot)].isActiveAdministrator
    guard !wasAdministrator || authority.roles.contains(.administrator) || state.canLoseAdministrator else {
      return .administratorsLockedOut
    }
    state.changeMember(slot) { $0.authority = authority }
    return .applied
  }
}
