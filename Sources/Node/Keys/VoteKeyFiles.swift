internal import Cryptography
internal import Primitives

/// The files of a node's vote keys: the one that it has, and the one that it will have next.
struct VoteKeyFiles: Sendable {
  private let files: KeySuccession
  private let suite: Suite
  private let passphrase: [UInt8]?

  /// - Parameter path: that of the key that the node has.
  init(path: String, suite: Suite, passphrase: [UInt8]?) {
    files = KeySuccession(path: path)
    self.suite = suite
    self.passphrase = passphrase
  }

  /// Reads the keys, after ending a change of keys that was interrupted. Both have the same passphrase, if any.
  func read() throws(CryptoError) -> (current: PrivateKey, next: PrivateKey?) {
    try files.recover()
    let current = try KeyFile.read(files.path, suite: suite, passphrase: passphrase)
    guard files.hasNext else { return (current, nil) }
    let next = try KeyFile.read(files.next, suite: suite, passphrase: passphrase)
    // Somebody copied it, perhaps after a loss.
    return (current, next.publicKey == current.publicKey ? nil : next)
  }

  /// Generates the next key, and writes it to a file that `complete` puts in its place. There must be no next key.
  func generate() throws(CryptoError) -> PrivateKey {
    let key = try PrivateKey.generate(suite)
    try files.begin(key, passphrase: passphrase)
    return key
  }

  func complete() throws(CryptoError) { try files.complete() }

  /// Puts the next key in the place of the present one, which is destroyed. Returns why it could not be, although the next is
  /// in its place.
  func succeed(by next: PrivateKey) throws(CryptoError) -> CryptoError? {
    let isInPlace = try? KeyFile.read(files.path, suite: suite, passphrase: passphrase).publicKey == next.publicKey
    // Somebody removed its file while the node ran, which still has it.
    if !files.hasNext, !(isInPlace ?? false) {
      try files.begin(next, passphrase: passphrase)
      try files.complete()
    }
    return try files.succeed()
  }
}
