public import Primitives

/// The reason why a key or certificate file could not be used. `code` is the system's `errno`.
public enum FileFault: Error, Hashable, Sendable {
  case missing
  case exists
  case system(operation: StaticText, code: Int32)
  /// The path does not name a regular file.
  case kind
  /// Users other than the owner have rights on the file; `mode` contains its permission bits.
  case tooOpen(mode: UInt32)
  case tooLong(limit: Int)
  /// The file contains no PEM block of a private key or a certificate.
  case notPEM
  /// The file contains a PEM block whose content cannot be decoded or is inconsistent.
  case damaged
  case passphraseNeeded
  case passphraseWrong
  /// The passphrase is empty or too long.
  case passphraseLength(count: Int, limit: Int)
  /// Deriving the encrypted key from its passphrase would take too many rounds.
  case derivation(rounds: Int, limit: Int)
  /// The file contains a key of another algorithm; `found` is OpenSSL's name of this algorithm.
  case suite(expected: Suite, found: String)
  /// The certificate does not match the key beside it.
  case mismatch
}
