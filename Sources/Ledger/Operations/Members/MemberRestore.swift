internal import Primitives

/// Lifts a suspension. Requires the administrators.
@frozen
public struct MemberRestore: Hashable, Sendable, BitwiseCopyable {
  public var name: Name
}

extension Operation {
  public static func memberRestore(name: Name) -> Operation { .memberRestore(MemberRestore(name: name)) }
}

extension MemberRestore: LedgerOperation, LedgerOperationView {
  typealias View = MemberRestore

  func encode(into writer: inout Writer) { name.encode(into: &writer) }

  init(from reader: inout Reader) throws(CodecError) { name = try Name(from: &reader, "member") }

  var requiredAuthority: RequiredAuthority { .administrators }
  static var changesAuthority: Bool { true }
  var touched: TouchedEntries { .none }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard state.administratorsAct else { return .administratorsMissing }
    guard let slot = state.members.slot(of: name) else { return .memberUnknown }
    guard state.isSuspended(slot) else { return .memberNotSuspended }
    state.changeMember(slot) { $0.suspension = nil }
    return .applied
  }
}
