internal import COpenSSL
internal import Primitives

/// The sole owner of an `EVP_PKEY`. OpenSSL never changes a key after its creation, so threads may share it.
final class KeyHandle: @unchecked Sendable {
  let pointer: OpaquePointer

  /// Takes over the caller's reference to `pointer`.
  init(owning pointer: OpaquePointer) {
    self.pointer = pointer
  }

  deinit {
    EVP_PKEY_free(pointer)
  }
}

extension KeyHandle {
  /// The public half in its canonical 33 bytes. The key must be of `suite`.
  func publicKey(_ suite: Suite) throws(CryptoError) -> PublicKey {
    var bytes = [UInt8](repeating: 0, count: 65)
    var count = bytes.count
    switch suite {
    case .ed25519SHA256:
      guard EVP_PKEY_get_raw_public_key(pointer, &bytes, &count) == 1,
        let body = Digest(bytes: bytes.prefix(count))
      else { throw .drained("read a public key") }
      return PublicKey(prefix: PublicKey.ed25519Prefix, body: body)
    case .p256SHA256, .sm2SM3:
      guard EVP_PKEY_get_octet_string_param(pointer, OSSL_PKEY_PARAM_PUB_KEY, &bytes, bytes.count, &count) == 1,
        let body = Digest(bytes: bytes[1..<33])
      else { throw .drained("read a public key") }
      // OpenSSL keeps the point in whichever form the key file used (SEC 1, section 2.3.3).
      switch (bytes[0], count) {
      case (2, 33), (3, 33): return PublicKey(prefix: bytes[0], body: body)
      case (4, 65), (6, 65), (7, 65): return PublicKey(prefix: 2 | bytes[64] & 1, body: body)
      default: throw .library(operation: "read a public key", reason: "a point of \(count) bytes")
      }
    }
  }
}
