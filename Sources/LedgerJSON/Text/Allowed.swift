internal import Ledger
internal import Primitives

/// The permitted forms of values, as every refusal describes them.
enum Allowed {
  static let name =
    "a name of 1 to \(Limits.nameBytes) of a-z, 0-9, dot and hyphen that starts with a letter or digit"
  static let account =
    "an account, member or member/path, of at most \(Limits.accountBytes) of a-z, 0-9, dot, hyphen and single slashes"
  static let collection =
    "a collection of at most \(Limits.recordCollectionBytes) of a-z, 0-9, dot, hyphen and single slashes"
  static let holdReference = "a reference of 1 to \(Limits.holdReferenceBytes) bytes without control characters"
  static let checkpoint = "a checkpoint: an epoch above 0, a colon, and a digest"
  static let digest = "a digest of 64 hexadecimal digits"
  static let publicKey = "a public key of 66 hexadecimal digits"
  static let signature = "a signature of 128 hexadecimal digits"
  static let change = "a number of smallest units below 2^128, with a minus sign if the amount falls"
  static let units = "a number of smallest units from 0 to 2^128 - 1"
  static let time = "a time in UTC such as 2031-07-21T09:30:00.000Z"
  static let suite = Suite.allCases.map(\.name).joined(separator: ", ")
  static let role = Roles.choices
  static let nodeAddress = "an address host:port of at most \(Limits.addressBytes) visible ASCII characters"
  static let hex = "an even number of hexadecimal digits"

  static func amount(decimals: UInt8) -> String {
    switch decimals {
    case 0: "a whole number in quotes, such as \"12\", as the asset has no decimals"
    case 1: "a decimal number in quotes with at most 1 digit after the point, such as \"12.5\""
    default: "a decimal number in quotes with at most \(decimals) digits after the point, such as \"12.5\""
    }
  }
}

extension JSONNode {
  /// Readers for the kinds of values, one method for each. They throw if the string does not have the permitted form.
  func name() throws(DocumentError) -> Name { try text(Allowed.name) { Name($0) } }
  func account() throws(DocumentError) -> AccountName { try text(Allowed.account) { AccountName($0) } }
  func collection() throws(DocumentError) -> CollectionName { try text(Allowed.collection) { CollectionName($0) } }
  func holdReference() throws(DocumentError) -> HoldReference {
    try text(Allowed.holdReference) { HoldReference($0) }
  }
  func digest() throws(DocumentError) -> Digest { try text(Allowed.digest) { Digest(hex: $0) } }
  func publicKey() throws(DocumentError) -> PublicKey { try text(Allowed.publicKey) { PublicKey(hex: $0) } }
  func signature() throws(DocumentError) -> Signature { try text(Allowed.signature) { Signature(hex: $0) } }
  func hex() throws(DocumentError) -> [UInt8] { try text(Allowed.hex) { Hex.decode($0) } }
  func time() throws(DocumentError) -> Timestamp { try text(Allowed.time) { Timestamp(iso8601: $0) } }

  /// Reads a time in ISO 8601 or in milliseconds since 1970.
  func timeOrMilliseconds() throws(DocumentError) -> Timestamp {
    if case .number = value { return Timestamp(try integer(in: 0...UInt64.max)) }
    return try time()
  }

  func roles() throws(DocumentError) -> Roles {
    var roles: Roles = []
    for node in try array() {
      let role: Roles = try node.text(Allowed.role) { Roles(name: $0) }
      guard !roles.contains(role) else { throw node.refused(allowed: "each role once") }
      roles.insert(role)
    }
    return roles
  }
}

extension JSONObjectReader {
  /// The text under `key`; empty if there is none.
  mutating func textOrEmpty(_ key: String) throws(DocumentError) -> String { try optional(key)?.string() ?? "" }

  /// Reads roles, keys and threshold, in the form that members have in genesis and in operations. With only one key
  /// the threshold may be left out.
  mutating func authority() throws(DocumentError) -> MemberAuthority {
    let roles = try required("roles").roles()
    let node = try required("keys")
    let nodes = try node.array()
    guard nodes.count >= 1, nodes.count <= Limits.memberKeys else {
      throw node.fault(.value("an array of \(nodes.count)", allowed: "1 to \(Limits.memberKeys) keys"))
    }
    var keys: [PublicKey] = []
    for node in nodes {
      let key = try node.publicKey()
      guard !keys.contains(key) else { throw node.refused(allowed: "each key once") }
      keys.append(key)
    }
    let threshold = nodes.count == 1 ? optional("threshold") : try required("threshold")
    return MemberAuthority(
      roles: roles, keys: keys, threshold: try threshold?.integer(in: 1...UInt8(clamping: nodes.count)) ?? 1)
  }

  /// Reads bytes that people prefer to write as text: under `key` as text, or under `key` + `Hex` as hexadecimal
  /// digits.
  mutating func textOrHex(_ key: String) throws(DocumentError) -> [UInt8] {
    let text = optional(key)
    let hex = optional(key + "Hex")
    if let text, hex != nil { throw text.fault(.unknownKey(key + "Hex", allowed: [key])) }
    if let hex { return try hex.hex() }
    return Array(try text?.string().utf8 ?? "".utf8)
  }
}

extension JSONValue {
  package static func text(_ value: some CustomStringConvertible) -> JSONValue { .string(value.description) }
}
