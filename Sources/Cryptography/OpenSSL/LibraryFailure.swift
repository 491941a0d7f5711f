internal import COpenSSL
internal import Primitives

extension CryptoError {
  /// Empties OpenSSL's error queue of this thread and returns an error that names the failed `operation`.
  ///
  /// The reason is OpenSSL's text for the first entry of the queue. These texts name functions and reasons, never
  /// data.
  static func drained(_ operation: StaticText) -> CryptoError {
    let first = ERR_get_error()
    ERR_clear_error()
    guard first != 0 else { return .library(operation: operation, reason: "no reason given") }
    var text = [CChar](repeating: 0, count: 256)
    ERR_error_string_n(first, &text, text.count)
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return .library(operation: operation, reason: String(decoding: bytes, as: UTF8.self))
  }
}
