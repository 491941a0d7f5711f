internal import Ledger
internal import Primitives

/// Bytes as text under `key` if they are plain text, otherwise as hexadecimal digits under `key` + `Hex`; neither if
/// there are none.
struct TextOrHex {
  let text: String?
  let hex: String?

  init(_ bytes: [UInt8]) {
    let isText = PlainText.isValid(bytes)
    text = isText && !bytes.isEmpty ? String(decoding: bytes, as: UTF8.self) : nil
    hex = isText ? nil : Hex.encode(bytes)
  }

  func write(_ key: String, into members: inout [String: JSONValue]) {
    if let text { members[key] = .string(text) }
    if let hex { members[key + "Hex"] = .string(hex) }
  }
}
