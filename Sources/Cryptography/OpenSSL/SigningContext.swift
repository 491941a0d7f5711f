internal import COpenSSL
internal import Primitives

/// The sole owner of an `EVP_MD_CTX` for signing or verifying. It can be reused with other keys.
struct SigningContext: ~Copyable {
  private let context: OpaquePointer

  init() {
    guard let context = EVP_MD_CTX_new() else { preconditionFailure("there is no memory left for an EVP_MD_CTX") }
    self.context = context
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  /// Signs `message` into `output` and returns the length: DER for the elliptic suites, the 64 bytes for Ed25519.
  mutating func sign(
    _ message: UnsafeRawBufferPointer, with key: KeyHandle, _ suite: Suite,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CryptoError) -> Int {
    guard EVP_MD_CTX_reset(context) == 1 else { throw .drained("reset a signing context") }
    var keyContext: OpaquePointer?
    guard EVP_DigestSignInit_ex(context, &keyContext, suite.signatureDigest, nil, nil, key.pointer, nil) == 1,
      Self.setIdentity(keyContext, suite)
    else { throw .drained("begin a signature") }
    var count = output.count
    let signed = EVP_DigestSign(
      context, output.baseAddress?.assumingMemoryBound(to: UInt8.self), &count,
      message.baseAddress?.assumingMemoryBound(to: UInt8.self), message.count)
    guard signed == 1 else { throw .drained("sign") }
    return count
  }

  /// Whether `signature`, encoded as `sign` encodes it, is a valid signature of `message`.
  mutating func verify(
    _ signature: UnsafeRawBufferPointer, of message: UnsafeRawBufferPointer, by key: KeyHandle, _ suite: Suite
  ) -> Bool {
    var keyContext: OpaquePointer?
    guard EVP_MD_CTX_reset(context) == 1,
      EVP_DigestVerifyInit_ex(context, &keyContext, suite.signatureDigest, nil, nil, key.pointer, nil) == 1,
      Self.setIdentity(keyContext, suite),
      EVP_DigestVerify(
        context, signature.baseAddress?.assumingMemoryBound(to: UInt8.self), signature.count,
        message.baseAddress?.assumingMemoryBound(to: UInt8.self), message.count) == 1
    else {
      ERR_clear_error()
      return false
    }
    return true
  }

  private static func setIdentity(_ keyContext: OpaquePointer?, _ suite: Suite) -> Bool {
    guard suite == .sm2SM3 else { return true }
    return Suite.sm2Identity.withUnsafeBytes { EVP_PKEY_CTX_set1_id(keyContext, $0.baseAddress, Int32($0.count)) } == 1
  }
}
