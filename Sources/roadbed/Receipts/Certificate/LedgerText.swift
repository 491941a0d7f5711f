import LedgerJSON
import Primitives

/// Text or bytes that somebody wrote into the chain. Two different ones never look the same on a page: whatever cannot be
/// shown as it is, is also shown in hexadecimal.
struct LedgerText {
  /// Without invisible characters; nil if the bytes are no text.
  let shown: String?
  /// The bytes, unless `shown` is exactly what they say.
  let hex: String?

  init(_ bytes: [UInt8]) {
    let text = String(validating: bytes, as: UTF8.self)
    shown = text.map(Printable.text)
    let isExact = shown.map { $0.utf8.elementsEqual(bytes) } ?? false
    hex = isExact ? nil : Hex.encode(bytes)
  }

  init(_ text: String) { self.init(Array(text.utf8)) }
}
