public import Primitives

/// Private keys in PKCS#8 PEM files (RFC 5958, RFC 7468), which the `openssl` command can also read and write.
///
/// A key file belongs to one user: it is created with mode 0600, and refused if its group or others have any right on
/// it.
public enum KeyFile {
  /// The length of the longest passphrase in bytes, which is that of OpenSSL's own tools.
  public static let maximumPassphraseByteCount = 1024

  /// Creates the file `path`, which must not exist. The file is synced to disk when this method returns.
  ///
  /// If a passphrase is given (any 1 to 1024 bytes), the key is encrypted: PBES2 with PBKDF2 and AES-256-CBC (RFC
  /// 8018).
  public static func write(_ key: PrivateKey, to path: String, passphrase: [UInt8]? = nil) throws(CryptoError) {
    try check(passphrase, path)
    let text = try key.handle.privatePEM(passphrase: passphrase)
    try text.withBytes { (text) throws(CryptoError) in try SystemFile.create(path, text, mode: 0o600) }
  }

  /// Reads the key in the file `path`, which must be a key of `suite`. The passphrase is ignored if the key is not
  /// encrypted.
  ///
  /// Accepts PKCS#8, encrypted or not, and the older SEC 1 form of elliptic-curve keys.
  public static func read(
    _ path: String, suite: Suite, passphrase: [UInt8]? = nil
  ) throws(CryptoError) -> PrivateKey {
    try check(passphrase, path)
    let text = try SystemFile.read(path, isPrivate: true)
    return try text.withBytes { (text) throws(CryptoError) in
      try key(in: text, path: path, suite: suite, passphrase: passphrase)
    }
  }

  /// The key in the content of a key file, which errors call `path`.
  package static func key(
    in text: UnsafeRawBufferPointer, path: String, suite: Suite, passphrase: [UInt8]? = nil
  ) throws(CryptoError) -> PrivateKey {
    let handle: KeyHandle
    do throws(FileFault) {
      handle = try KeyHandle.readPrivatePEM(text, suite: suite, passphrase: passphrase)
    } catch {
      throw .file(path: path, fault: error)
    }
    return try PrivateKey(suite, handle)
  }

  private static func check(_ passphrase: [UInt8]?, _ path: String) throws(CryptoError) {
    guard let passphrase, !(1...maximumPassphraseByteCount).contains(passphrase.count) else { return }
    let fault = FileFault.passphraseLength(count: passphrase.count, limit: maximumPassphraseByteCount)
    throw .file(path: path, fault: fault)
  }
}
