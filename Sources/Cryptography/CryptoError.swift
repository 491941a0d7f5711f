public import Primitives

/// The reason why a key, a key file or a certificate was refused, or why the system or OpenSSL failed.
///
/// No case carries key material or a passphrase, so every case may be logged.
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
  /// A key that a token or another process keeps did not sign.
  case signer(SigningFault)
}
