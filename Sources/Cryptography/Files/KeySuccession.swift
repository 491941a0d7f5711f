/// The file of a private key, and beside it that of the key that will take its place: the same path with `.next`.
///
/// Whatever happens in between, and whichever call fails, each key is in one whole file, and every method can be called
/// again.
public struct KeySuccession: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  public var next: String { path + ".next" }
  /// The next key while it is being written, and until it is known elsewhere.
  private var unfinished: String { path + ".next.new" }
  private var old: String { path + ".old" }

  /// Whether there is a next key.
  public var hasNext: Bool { SystemFile.exists(next) }

  /// Ends a change of keys that was interrupted, and drops a next key that was not completed.
  public func recover() throws(CryptoError) {
    if SystemFile.exists(unfinished) { try SystemFile.destroy(unfinished) }
    guard SystemFile.exists(old) else { return }
    if !SystemFile.exists(path) { try SystemFile.rename(hasNext ? next : old, to: path) }
    // What cannot be destroyed does no harm to this node, and is tried again at the next start.
    if SystemFile.exists(old) { try? SystemFile.destroy(old) }
  }

  /// Writes the next key, in a file that `complete` puts in its place.
  public func begin(_ key: PrivateKey, passphrase: [UInt8]?) throws(CryptoError) {
    if SystemFile.exists(unfinished) { try SystemFile.destroy(unfinished) }
    try KeyFile.write(key, to: unfinished, passphrase: passphrase)
  }

  public func complete() throws(CryptoError) {
    // It was renamed before, but not to the disk.
    if !SystemFile.exists(unfinished), hasNext { return try SystemFile.sync(directoryOf: next) }
    try SystemFile.rename(unfinished, to: next)
  }

  /// Puts the next key in the place of the key, which is destroyed: overwritten, as far as the file system writes in place,
  /// and removed.
  /// - Returns: why the old key could not be destroyed; nil if it was. The next one is in its place.
  public func succeed() throws(CryptoError) -> CryptoError? {
    if hasNext {
      if SystemFile.exists(path) { try SystemFile.rename(path, to: old) }
      try SystemFile.rename(next, to: path)
    }
    guard SystemFile.exists(old) else { return nil }
    do throws(CryptoError) {
      try SystemFile.destroy(old)
      return nil
    } catch {
      return error
    }
  }
}
