internal import COpenSSL
public import Primitives

extension PublicKey {
  /// Throws if this is not a public key of `suite` in its one canonical encoding. Call this before a key enters the
  /// state.
  ///
  /// P-256 and SM2: the first byte is 2 or 3, x is below the field's prime, and the point is on the curve. The order
  /// of the curve is prime, so every point is a key except infinity, which has no encoding of this form. Ed25519: the
  /// first byte is 0xED, y is below the prime, and the point is on the curve and not one of the eight points of small
  /// order.
  public func check(_ suite: Suite) throws(CryptoError) {
    _ = try parse(suite)
  }

  /// The checked key as an OpenSSL key.
  func parse(_ suite: Suite) throws(CryptoError) -> KeyHandle {
    switch suite {
    case .p256SHA256, .sm2SM3: try parsePoint(suite)
    case .ed25519SHA256: try parseEdwards()
    }
  }

  private func parsePoint(_ suite: Suite) throws(CryptoError) -> KeyHandle {
    guard prefix == 2 || prefix == 3 else { throw .publicKey(self, suite: suite, fault: .prefix) }
    guard body < (suite == .p256SHA256 ? Self.p256Prime : Self.sm2Prime) else {
      throw .publicKey(self, suite: suite, fault: .notCanonical)
    }
    guard let context = EVP_PKEY_CTX_new_from_name(nil, suite.keyType, nil) else {
      throw .drained("make a key context")
    }
    defer { EVP_PKEY_CTX_free(context) }
    var bytes = bytes
    var group = Array((suite.group ?? "").utf8CString)
    var pointer: OpaquePointer?
    let made = group.withUnsafeMutableBufferPointer { group in
      bytes.withUnsafeMutableBytes { bytes in
        var parameters = [
          OSSL_PARAM_construct_utf8_string(ROADBED_PARAMETER_GROUP, group.baseAddress, 0),
          OSSL_PARAM_construct_octet_string(ROADBED_PARAMETER_PUBLIC_KEY, bytes.baseAddress, bytes.count),
          OSSL_PARAM_construct_end(),
        ]
        return EVP_PKEY_fromdata_init(context) == 1
          && EVP_PKEY_fromdata(context, &pointer, ROADBED_PUBLIC_KEY, &parameters) == 1
      }
    }
    guard made, let pointer else {
      ERR_clear_error()
      throw .publicKey(self, suite: suite, fault: .notOnCurve)
    }
    return KeyHandle(owning: pointer)
  }

  private func parseEdwards() throws(CryptoError) -> KeyHandle {
    guard prefix == Self.ed25519Prefix else { throw .publicKey(self, suite: .ed25519SHA256, fault: .prefix) }
    if let fault = try EdwardsPoint.fault(body) { throw .publicKey(self, suite: .ed25519SHA256, fault: fault) }
    let pointer = body.withUnsafeBytes { bytes in
      EVP_PKEY_new_raw_public_key_ex(
        nil, Suite.ed25519SHA256.keyType, nil, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
    }
    guard let pointer else { throw .drained("make an Ed25519 public key") }
    return KeyHandle(owning: pointer)
  }

  /// The first byte of an Ed25519 key, for which no standard defines a point format byte.
  static let ed25519Prefix: UInt8 = 0xED

  /// The primes of the fields (SP 800-186, section 3.2.1.3; GB/T 32918.5).
  static let p256Prime = Digest(
    0xFFFF_FFFF_0000_0001, 0x0000_0000_0000_0000, 0x0000_0000_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF)
  static let sm2Prime = Digest(
    0xFFFF_FFFE_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_0000_0000, 0xFFFF_FFFF_FFFF_FFFF)
}
