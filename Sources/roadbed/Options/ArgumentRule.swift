import Ledger
import Node
import Primitives
import Replica

/// The rule that a value on the command line breaks. The parser shows it after the value.
struct ArgumentRule: Error, CustomStringConvertible {
  let description: String

  /// Returns the value, or throws the rule that its text breaks.
  static func value<Value>(_ value: Value?, _ rule: String) throws(ArgumentRule) -> Value {
    guard let value else { throw ArgumentRule(description: rule) }
    return value
  }
}

extension Name {
  /// The rule for names in words (Documentation/formats.md).
  static let rule =
    "a name consists of 1 to \(Limits.nameBytes) of a-z, 0-9, dot and hyphen, and begins with a letter or digit: "
    + "[a-z0-9][a-z0-9.-]{0,\(Limits.nameBytes - 1)}"

  static func argument(_ text: String) throws -> Name { try ArgumentRule.value(Name(text), rule) }
}

extension AccountName {
  static let rule =
    "an account is MEMBER or MEMBER/PATH, at most \(Limits.accountBytes) bytes; each part between the slashes is "
    + "[a-z0-9][a-z0-9.-]*, the member at most \(Limits.nameBytes) bytes"

  static func argument(_ text: String) throws -> AccountName { try ArgumentRule.value(AccountName(text), rule) }
}

extension CollectionName {
  static let rule =
    "a collection has at most \(Limits.recordCollectionBytes) bytes; each part between the slashes is [a-z0-9][a-z0-9.-]*"

  static func argument(_ text: String) throws -> CollectionName { try ArgumentRule.value(CollectionName(text), rule) }
}

extension RecordVersion {
  static let keyRule = "a record's key is a text of 1 to \(Limits.recordKeyBytes) bytes without control characters"
}

extension HoldReference {
  static let rule = "a reference is a text of 1 to \(Limits.holdReferenceBytes) bytes without control characters"

  static func argument(_ text: String) throws -> HoldReference { try ArgumentRule.value(HoldReference(text), rule) }
}

extension Digest {
  static let rule = "it must be 64 hexadecimal digits, 0-9 and a-f"

  static func argument(_ text: String) throws -> Digest { try ArgumentRule.value(Digest(hex: text), rule) }
}

extension Checkpoint {
  static let rule = "a checkpoint is an epoch above 0, a colon, and 64 hexadecimal digits"

  static func argument(_ text: String) throws -> Checkpoint { try ArgumentRule.value(Checkpoint(text), rule) }
}

extension BootstrapPeer {
  static let rule = "a bootstrap peer is its transport key (64 hexadecimal digits), @, and its address (host:port)"

  static func argument(_ text: String) throws -> BootstrapPeer { try ArgumentRule.value(BootstrapPeer(text), rule) }
}

extension Height {
  static let rule = "a height is a whole number, 0 or more"

  static func argument(_ text: String) throws -> Height {
    try ArgumentRule.value(UInt64(text).map { Height($0) }, rule)
  }
}
