public import Primitives

/// What signs with one private key, wherever that is kept. Threads may share it.
public protocol SigningKey: Sendable {
  var suite: Suite { get }
  var publicKey: PublicKey { get }
  /// Signs `message` in the one form that the suite accepts.
  func sign(_ message: [UInt8]) throws(CryptoError) -> Signature
}

extension PrivateKey: SigningKey {}
