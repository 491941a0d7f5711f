internal import Primitives

/// Prevents a member from acting and its accounts from paying and receiving. Requires the administrators.
public struct MemberSuspend: Hashable, Sendable {
  public var name: Name
  public var reason: String

  /// The operation in the form in which it lies in a buffer.
  @frozen
  public struct View: Hashable, Sendable, BitwiseCopyable {
    public let name: Name
    public let reason: ByteRange
  }
}

extension Operation {
  public static func memberSuspend(name: Name, reason: String) -> Operation {
    .memberSuspend(MemberSuspend(name: name, reason: reason))
  }
}

extension MemberSuspend: LedgerOperation {
  func encode(into writer: inout Writer) {
    name.encode(into: &writer)
    writer.text(reason)
  }

  init(_ view: View, in buffer: RawSpan) {
    name = view.name
    reason = view.reason.text(in: buffer)
  }

  var touched: TouchedEntries { .none }
}

extension MemberSuspend.View: LedgerOperationView {
  init(from reader: inout Reader) throws(CodecError) {
    name = try Name(from: &reader, "member")
    reason = try reader.textRange(limit: Limits.descriptionBytes, "reason")
  }

  var requiredAuthority: RequiredAuthority { .administrators }
  static var changesAuthority: Bool { true }
  var touched: TouchedEntries { .none }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard state.administratorsAct else { return .administratorsMissing }
    guard let slot = state.members.slot(of: name) else { return .memberUnknown }
    guard !state.isSuspended(slot) else { return .memberSuspended }
    guard !state.members.rows[Int(slot)].isActiveAdministrator || state.canLoseAdministrator else {
      return .administratorsLockedOut
    }
    state.changeMember(slot) { $0.suspension = reason.text(in: buffer) }
    return .applied
  }
}
