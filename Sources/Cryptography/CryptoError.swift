public import Primitives

/// Why a key, a key file or a certificate was refused, or what the system or OpenSSL could not do.
///
/// No case carries key material or a passphrase, so every one may be logged.
public enum CryptoError: Error, Hashable, Sendable {
  /// OpenSSL failed at `operation` for a reason unrelated to the input, such as a lack of memory or entropy.
  case library(operation: StaticText, reason: String)
  /// These 33 bytes are not a public key of the suite.
  case publicKey(PublicKey, suite: Suite, fault: PublicKeyFault)
  /// A secret scalar or seed that is not a private key of the suite.
  case secret(suite: Suite)
  /// A name that a certificate cannot contain.
  case certificateName(String)
  /// A key or certificate file that could not be used.
  case file(path: String, fault: FileFault)
  /// Bytes that are not an X.509 certificate, or not public key information, in DER.
  case certificate(field: StaticText)
}

/// What is wrong with the 33 bytes of a public key.
public enum PublicKeyFault: Hashable, Sendable {
  /// The first byte is not one that the suite uses.
  case prefix
  /// A second encoding of a point: a coordinate that is not below the field's prime.
  case notCanonical
  /// No point of the curve has these coordinates.
  case notOnCurve
  /// A point of small order (Ed25519): signatures by it prove nothing.
  case smallOrder
}

/// What is wrong with a key or certificate file. The numbers called `code` are the system's `errno`.
public enum FileFault: Error, Hashable, Sendable {
  case missing
  case exists
  case system(operation: StaticText, code: Int32)
  /// Not a regular file.
  case kind
  /// Users other than the owner may read or write it; `mode` is its permission bits.
  case tooOpen(mode: UInt32)
  case tooLong(limit: Int)
  /// It contains no PEM block of a private key or a certificate.
  case notPEM
  /// It contains a PEM block, but its content cannot be decoded or is inconsistent.
  case damaged
  case passphraseNeeded
  case passphraseWrong
  /// An empty passphrase was given, or one that is too long.
  case passphraseLength(count: Int, limit: Int)
  /// It contains a key of another algorithm; `found` is OpenSSL's name for it.
  case suite(expected: Suite, found: String)
  /// The certificate does not match the key beside it.
  case mismatch
}
