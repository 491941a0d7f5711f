internal import Cryptography
public import Primitives

/// A validator's new vote key, with the proof that its owner made it for that validator (protocol rule R44): a signature by
/// this key, in the validator's name. It stays valid for ever.
///
/// The signature is verified wherever those on the transaction are, and counts as one of them. Without it, someone could
/// name a key that nobody has, or that of a validator of another chain.
@frozen
public struct KeyProof: Hashable, Sendable, BitwiseCopyable {
  public let validator: Name
  public let key: PublicKey
  /// By `key`, over `signedBytes`.
  public let signature: Signature

  public init(validator: Name, key: PublicKey, signature: Signature) {
    self.validator = validator
    self.key = key
    self.signature = signature
  }

  /// The bytes that a key signs to become the validator's vote key: tag, suite byte, genesis digest, name, key.
  public static func signedBytes(validator: Name, key: PublicKey, chain: ChainContext) -> [UInt8] {
    var writer = Writer(.keyProof, capacity: 128)
    writer.byte(chain.suite.rawValue)
    writer.digest(chain.genesis)
    validator.encode(into: &writer)
    writer.publicKey(key)
    return writer.bytes
  }

  /// What to verify.
  func item(_ chain: ChainContext) -> VerificationItem {
    VerificationItem(
      message: KeyProof.signedBytes(validator: validator, key: key, chain: chain), key: key, signature: signature)
  }

  /// Writes the validator's name, the key and the signature.
  func encode(into writer: inout Writer) {
    validator.encode(into: &writer)
    writer.publicKey(key)
    writer.signature(signature)
  }

  init(from reader: inout Reader) throws(CodecError) {
    validator = try Name(from: &reader, "validator")
    key = try reader.publicKey()
    signature = try reader.signature()
  }
}
