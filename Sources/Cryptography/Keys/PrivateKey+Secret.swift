internal import COpenSSL
package import Primitives

extension PrivateKey {
  /// Creates the key with these 32 secret bytes: the scalar d, big-endian, in 1..<n (SM2: 1..<n - 1), or the seed of
  /// Ed25519. For golden vectors; keys for real use are generated or read from a file.
  package convenience init(secret: [UInt8], _ suite: Suite) throws(CryptoError) {
    guard secret.count == Digest.byteCount else { throw .secret(suite: suite) }
    // PKCS#8 without the public key, which OpenSSL then computes (RFC 5958, RFC 5915, RFC 8410).
    let encoding = Self.prefix(suite) + secret
    let pointer = encoding.withUnsafeBufferPointer { bytes in
      SecretMemory.handling {
        var start = bytes.baseAddress
        return d2i_AutoPrivateKey_ex(nil, &start, bytes.count, nil, nil)
      }
    }
    guard let pointer else {
      ERR_clear_error()
      throw .secret(suite: suite)
    }
    let handle = KeyHandle(owning: pointer)
    guard handle.isConsistent else { throw .secret(suite: suite) }
    try self.init(suite, handle)
  }

  private static func prefix(_ suite: Suite) -> [UInt8] {
    switch suite {
    case .ed25519SHA256:
      [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]
    case .p256SHA256:
      elliptic(curve: [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07])
    case .sm2SM3:
      elliptic(curve: [0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D])
    }
  }

  /// `curve` is the 8 bytes of the curve's object identifier.
  private static func elliptic(curve: [UInt8]) -> [UInt8] {
    [0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08]
      + curve + [0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20]
  }
}
