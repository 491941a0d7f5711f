import Cryptography
import Ledger
import LedgerJSON
import Primitives

/// Fills in the placeholders in a file of operations.
///
/// In "keys", `@key:NAME` stands for the public key in a key file, or of a `pkcs11:` URI; as "contentDigest", `@digest:PATH` stands for the
/// digest of a file's content. PATH is relative to the file of operations. No other values are examined, so that a memo
/// is never mistaken for a placeholder.
struct Placeholders {
  private static let key = "@key:"
  private static let digest = "@digest:"

  let suite: Suite
  /// The directory against which relative paths are resolved.
  let directory: String
  /// The path of a member's key file, or nil if none is known.
  let keyFile: (String) -> String?

  func fill(_ value: JSONValue) throws -> JSONValue {
    switch value {
    case .array(let elements): return .array(try elements.map(fill))
    case .object(let members):
      var filled: [String: JSONValue] = [:]
      for (name, value) in members {
        filled[name] =
          switch (name, value) {
          case ("keys", .array(let keys)): .array(try keys.map(key))
          case ("contentDigest", .string(let text)): try digest(text)
          case ("operations", _), ("transactions", _): try fill(value)
          default: value
          }
      }
      return .object(filled)
    default: return value
    }
  }

  private func key(_ value: JSONValue) throws -> JSONValue {
    guard case .string(let text) = value, text.hasPrefix(Placeholders.key) else { return value }
    let name = String(text.dropFirst(Placeholders.key.count))
    let place = keyFile(name) ?? (KeyPlace.isToken(name) ? name : Paths.join(directory, name))
    let key = try KeyPlace.open(place, suite: suite, passphrase: nil)
    return .string("\(key.publicKey)")
  }

  private func digest(_ text: String) throws -> JSONValue {
    guard text.hasPrefix(Placeholders.digest) else { return .string(text) }
    let path = Paths.join(directory, String(text.dropFirst(Placeholders.digest.count)))
    return .string("\(try ContentDigest.of(path, suite: suite))")
  }
}
