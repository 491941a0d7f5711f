internal import COpenSSL
public import Primitives

/// A private key of one suite. Threads may share it. The secret is in `SecretMemory`, and leaves
/// it only as PEM.
public final class PrivateKey: Sendable {
  public let suite: Suite
  public let publicKey: PublicKey
  let handle: KeyHandle

  /// Generates a new key from OpenSSL's random source.
  public static func generate(_ suite: Suite) throws(CryptoError) -> PrivateKey {
    try SecretMemory.handling { () throws(CryptoError) in try make(suite) }
  }

  private static func make(_ suite: Suite) throws(CryptoError) -> PrivateKey {
    guard let context = EVP_PKEY_CTX_new_from_name(nil, suite.keyType, nil) else {
      throw .drained("make a key context")
    }
    defer { EVP_PKEY_CTX_free(context) }
    var pointer: OpaquePointer?
    guard EVP_PKEY_keygen_init(context) == 1,
      suite.group.map({ EVP_PKEY_CTX_set_group_name(context, $0) == 1 }) ?? true,
      EVP_PKEY_generate(context, &pointer) == 1, let pointer
    else { throw .drained("generate a key") }
    return try PrivateKey(suite, KeyHandle(owning: pointer))
  }

  /// Wraps a key of `suite` that has both its private and its public half.
  init(_ suite: Suite, _ handle: KeyHandle) throws(CryptoError) {
    self.suite = suite
    self.handle = handle
    self.publicKey = try handle.publicKey(suite)
  }

  /// Signs `message` in the one form that the suite accepts (`CurveOrder.isCanonical`).
  ///
  /// ECDSA and SM2 draw a fresh random number, so that two signatures of one message differ; Ed25519 is
  /// deterministic.
  public func sign(_ message: [UInt8]) throws(CryptoError) -> Signature {
    // Uses spans, because the closures of Array do not support typed errors.
    let signature = try message.span.bytes.withUnsafeBytes { (message) throws(CryptoError) in
      try withUnsafeTemporaryAllocation(byteCount: SignatureEncoding.maximumDERByteCount, alignment: 8) {
        (output) throws(CryptoError) in
        let count = try SecretMemory.handling { () throws(CryptoError) in
          var context = SigningContext()
          return try context.sign(message, with: handle, suite, into: output)
        }
        return decode(UnsafeRawBufferPointer(rebasing: output[..<count]))
      }
    }
    guard let signature else {
      throw .library(operation: "sign", reason: "OpenSSL returned something that is not a signature of \(suite.name)")
    }
    return signature
  }

  private func decode(_ bytes: UnsafeRawBufferPointer) -> Signature? {
    switch suite {
    case .p256SHA256:
      return SignatureEncoding.readDER(bytes).map(CurveOrder.lowered)
    case .sm2SM3:
      return SignatureEncoding.readDER(bytes)
    case .ed25519SHA256:
      guard bytes.count == Signature.byteCount, let first = Digest(bigEndian: .init(rebasing: bytes[..<32])),
        let second = Digest(bigEndian: .init(rebasing: bytes[32...]))
      else { return nil }
      return Signature(first: first, second: second)
    }
  }
}

extension PrivateKey: CustomStringConvertible, CustomReflectable {
  /// The suite and the public key, but nothing secret.
  public var description: String { "PrivateKey(\(suite.name), public \(publicKey))" }
  public var customMirror: Mirror { Mirror(self, children: ["suite": suite.name, "publicKey": publicKey.description]) }
}
