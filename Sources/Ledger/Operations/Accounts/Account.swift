internal import Primitives

/// An account as recorded in the state.
public struct Account: Hashable, Sendable {
  public let name: AccountName
  public var description: String
  public var isFrozen: Bool

  public init(name: AccountName, description: String, isFrozen: Bool) {
    self.name = name
    self.description = description
    self.isFrozen = isFrozen
  }
}

extension Account {
  /// Writes the value of the state's entry under the account's name.
  func encodeValue(into writer: inout Writer) {
    writer.byte(isFrozen ? 1 : 0)
    writer.text(description)
  }

  init(_ name: AccountName, valueFrom reader: inout Reader) throws(CodecError) {
    self.name = name
    isFrozen = try reader.flag("frozen flag")
    description = try reader.textRange(limit: Limits.descriptionBytes, "description").text(in: reader.span)
  }
}
