internal import Cryptography

/// A token's PIN, in memory that is wiped and, where the system allows, never written to a disk.
final class TokenPIN: Sendable {
  private let buffer: SecretBuffer

  init(_ bytes: [UInt8]) throws(TokenError) {
    guard (1...TokenLimits.pinBytes).contains(bytes.count) else {
      throw .pinLength(count: bytes.count, limit: TokenLimits.pinBytes)
    }
    var buffer = SecretBuffer(capacity: bytes.count)
    buffer.free.copyBytes(from: bytes)
    buffer.advance(bytes.count)
    self.buffer = buffer
  }

  /// Reads the file, which only its owner may read. An end of line after the PIN is not part of it.
  init(file path: String) throws(TokenError) {
    let content: SecretBuffer
    do throws(CryptoError) {
      content = try SystemFile.read(path, isPrivate: true)
    } catch {
      throw .pinFile(error)
    }
    var buffer = SecretBuffer(capacity: content.withBytes { $0.count })
    content.withBytes { bytes in
      var pin = bytes[...]
      if pin.last == UInt8(ascii: "\n") { pin = pin.dropLast() }
      if pin.last == UInt8(ascii: "\r") { pin = pin.dropLast() }
      buffer.free.copyBytes(from: pin)
      buffer.advance(pin.count)
    }
    let count = buffer.withBytes { $0.count }
    guard (1...TokenLimits.pinBytes).contains(count) else {
      throw .pinLength(count: count, limit: TokenLimits.pinBytes)
    }
    self.buffer = buffer
  }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws(TokenError) -> Result) throws(TokenError) -> Result {
    try buffer.withBytes(body)
  }
}

extension TokenPIN: CustomStringConvertible, CustomReflectable {
  var description: String { "a PIN" }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}
