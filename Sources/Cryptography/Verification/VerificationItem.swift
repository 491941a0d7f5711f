public import Primitives

/// One signature to verify, with the message and the key.
public struct VerificationItem: Hashable, Sendable {
  /// The signed bytes, including their domain tag.
  public var message: [UInt8]
  public var key: PublicKey
  public var signature: Signature

  public init(message: [UInt8], key: PublicKey, signature: Signature) {
    self.message = message
    self.key = key
    self.signature = signature
  }
}
