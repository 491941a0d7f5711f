internal import Primitives

// The bytes of a refusal: a kind byte and its fields.
extension SignerRefusal {
  private enum Kind: UInt8 {
    case otherVersion = 1
    case otherChain, otherRole, inUse, unknownKey, conflict, disk, failed, gone, malformed, keyAway
  }

  func encode(into writer: inout Writer) {
    func put(_ kind: Kind) { writer.byte(kind.rawValue) }
    switch self {
    case .otherVersion(let version, let own):
      put(.otherVersion)
      writer.integer(version)
      writer.integer(own)
    case .otherChain(let own):
      put(.otherChain)
      writer.digest(own)
    case .otherRole: put(.otherRole)
    case .inUse(let other):
      put(.inUse)
      writer.shortText(other)
    case .unknownKey(let key):
      put(.unknownKey)
      writer.publicKey(key)
    case .conflict(let earlier):
      put(.conflict)
      earlier.encode(into: &writer)
    case .disk(let reason):
      put(.disk)
      writer.shortText(reason)
    case .keyAway(let reason):
      put(.keyAway)
      writer.shortText(reason)
    case .failed(let reason):
      put(.failed)
      writer.shortText(reason)
    case .gone(let key):
      put(.gone)
      writer.publicKey(key)
    case .malformed(let reason):
      put(.malformed)
      writer.shortText(reason)
    }
  }

  init(from reader: inout Reader) throws(CodecError) {
    let raw = try reader.byte()
    guard let kind = Kind(rawValue: raw) else { throw .unknown(field: "refusal kind", value: UInt64(raw)) }
    switch kind {
    case .otherVersion: self = .otherVersion(try reader.integer(), own: try reader.integer())
    case .otherChain: self = .otherChain(try reader.digest())
    case .otherRole: self = .otherRole
    case .inUse: self = .inUse(by: try reader.shortText("client"))
    case .unknownKey: self = .unknownKey(try reader.publicKey())
    case .conflict: self = .conflict(with: try Statement(from: &reader))
    case .disk: self = .disk(try reader.shortText("reason"))
    case .keyAway: self = .keyAway(try reader.shortText("reason"))
    case .failed: self = .failed(try reader.shortText("reason"))
    case .gone: self = .gone(try reader.publicKey())
    case .malformed: self = .malformed(try reader.shortText("reason"))
    }
  }
}

extension Writer {
  /// Writes text with a `UInt8` length; what is longer than the limit is cut off.
  mutating func shortText(_ text: String) {
    var cut = text
    while cut.utf8.count > SignerLimits.descriptionBytes { cut.removeLast() }
    shortBytes(Array(cut.utf8))
  }
}

extension Reader {
  @_lifetime(self: copy self)
  mutating func shortText(_ field: StaticText) throws(CodecError) -> String {
    let bytes = try shortBytes(limit: SignerLimits.descriptionBytes, field)
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notCanonical(field: field) }
    return text
  }
}
