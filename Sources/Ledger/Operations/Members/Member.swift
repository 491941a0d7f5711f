internal import Primitives

/// A member as recorded in the state.
public struct Member: Hashable, Sendable {
  public let name: Name
  public var description: String
  public var authority: MemberAuthority
  /// The reason for the suspension; nil while the member is active.
  public var suspension: String?

  public var isSuspended: Bool { suspension != nil }
  var isActiveAdministrator: Bool { isActive(.administrator) }

  func isActive(_ role: Roles) -> Bool { suspension == nil && authority.roles.contains(role) }

  public init(name: Name, description: String, authority: MemberAuthority, suspension: String?) {
    self.name = name
    self.description = description
    self.authority = authority
    self.suspension = suspension
  }
}

extension Member {
  /// Writes the value of the state's entry under the member's name.
  func encodeValue(into writer: inout Writer) {
    writer.text(description)
    authority.encode(into: &writer)
    writer.byte(isSuspended ? 1 : 0)
    if let suspension { writer.text(suspension) }
  }

  init(_ name: Name, valueFrom reader: inout Reader) throws(CodecError) {
    self.name = name
    description = try reader.textRange(limit: Limits.descriptionBytes, "description").text(in: reader.span)
    authority = try MemberAuthority(from: &reader)
    suspension =
      try reader.flag("suspension flag")
      ? try reader.textRange(limit: Limits.descriptionBytes, "reason").text(in: reader.span) : nil
  }
}

extension Member: StateRow {
  var key: Name { name }

  func entry(in state: borrowing LedgerState) -> StateEntry? { .member(self) }

  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes) {
    derived.replace(row, with: old, in: slot)
  }
}
