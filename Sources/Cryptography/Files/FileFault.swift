public import Primitives

/// What is wrong with a key or certificate file. The numbers called `code` are the system's `errno`.
public enum FileFault: Error, Hashable, Sendable {
  case missing
  case exists
  case system(operation: StaticText, code: Int32)
  /// Not a regular file.
  case kind
  /// Others than the owner may read or write it; `mode` is its permission bits.
  case tooOpen(mode: UInt32)
  case tooLong(limit: Int)
  /// No PEM block of a private key, or of a certificate, is in it.
  case notPEM
  /// There is a PEM block, but what is in it cannot be decoded or does not fit together.
  case damaged
  case passphraseNeeded
  case passphraseWrong
  /// An empty passphrase was given, or one that is too long.
  case passphraseLength(count: Int, limit: Int)
  /// It holds a key of another algorithm; `found` is OpenSSL's name of it.
  case suite(expected: Suite, found: String)
  /// The certificate is not for the key beside it.
  case mismatch
}
