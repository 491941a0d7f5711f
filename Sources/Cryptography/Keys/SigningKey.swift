public import Primitives

/// What signs with one private key, wherever that is kept. Threads may share it.
public protocol SigningKey: Sendable {
  var publicKey: PublicKey { get }
  /// Signs `message` in the one form that the suite accepts.
  func sign(_ message: [UInt8]) throws(CryptoError) -> Signature
  /// Signs `message`, which stands for `document`. A signer that decides for itself what it signs reads the document.
  func sign(_ message: [UInt8], for document: [UInt8]) throws(CryptoError) -> Signature
}

extension SigningKey {
  public func sign(_ message: [UInt8], for document: [UInt8]) throws(CryptoError) -> Signature { try sign(message) }
}

extension PrivateKey: SigningKey {}
