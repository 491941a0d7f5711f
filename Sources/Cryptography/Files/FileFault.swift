public import Primitives

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
