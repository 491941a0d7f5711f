internal import COpenSSL
internal import Primitives

/// A parsed public key with the state that one worker reuses to verify with it. Not to be shared between threads.
final class VerificationKey {
  let handle: KeyHandle
  /// For ECDSA, an `EVP_PKEY_CTX` that is ready to verify any number of digests; nil for the other suites.
  private let context: OpaquePointer?

  init(_ key: PublicKey, _ suite: Suite) throws(CryptoError) {
    handle = try key.parse(suite)
    guard suite == .p256SHA256 else {
      context = nil
      return
    }
    guard let context = EVP_PKEY_CTX_new_from_pkey(nil, handle.pointer, nil) else {
      throw .drained("make a verification context")
    }
    guard EVP_PKEY_verify_init(context) == 1 else {
      EVP_PKEY_CTX_free(context)
      throw .drained("begin a verification")
    }
    self.context = context
  }

  deinit {
    EVP_PKEY_CTX_free(context)
  }

  /// Whether `signature`, in DER, is an ECDSA signature of a message with this digest.
  func verify(_ signature: UnsafeRawBufferPointer, ofDigest digest: Digest) -> Bool {
    let verified = digest.withUnsafeBytes { digest in
      EVP_PKEY_verify(
        context, signature.baseAddress?.assumingMemoryBound(to: UInt8.self), signature.count,
        digest.baseAddress?.assumingMemoryBound(to: UInt8.self), digest.count)
    }
    guard verified == 1 else {
      ERR_clear_error()
      return false
    }
    return true
  }
}
