package import BlockLog
internal import Cryptography
package import Ledger
package import Primitives
package import Replica
internal import Synchronization

/// Vote keys in key files: the one that the node has, and beside it the one that it will have next.
package final class VoteKeyFiles: VoteKeyStore {
  private let files: KeySuccession
  private let chain: ChainContext
  private let passphrase: [UInt8]?
  /// All keys that can sign.
  private let keys = Mutex<[PublicKey: PrivateKey]>([:])

  /// - Parameter path: that of the key that the node has. All files have the same passphrase, if any.
  package init(path: String, chain: ChainContext, passphrase: [UInt8]?) {
    files = KeySuccession(path: path)
    self.chain = chain
    self.passphrase = passphrase
  }

  /// Keeps every other process of the machine from voting with the key in this file, as long as the lock lasts: each would
  /// allow what the other forbids. Nil in a file system that is read-only, where a key cannot be changed either.
  package static func lock(_ path: String) throws(DirectoryLockError) -> DirectoryLock? {
    do throws(DirectoryLockError) {
      return try DirectoryLock(path: path + ".lock")
    } catch {
      guard case .disk(let fault) = error, fault.cause == .readOnly else { throw error }
      return nil
    }
  }

  package func read() throws(KeyStoreFault) -> HeldKeys {
    do throws(CryptoError) {
      try files.recover()
      keys.withLock { $0 = [:] }
      let current = try key(in: files.path)
      hold(current)
      guard files.hasNext else { return HeldKeys(current.publicKey) }
      let next = try key(in: files.next)
      hold(next)
      // Somebody may have copied it, perhaps after a loss.
      return HeldKeys(current.publicKey, next: next.publicKey == current.publicKey ? nil : next.publicKey)
    } catch {
      throw .key(error)
    }
  }

  private func key(in path: String) throws(CryptoError) -> PrivateKey {
    try KeyFile.read(path, suite: chain.suite, passphrase: passphrase)
  }

  private func hold(_ key: PrivateKey) { keys.withLock { $0[key.publicKey] = key } }

  private func held(_ key: PublicKey) -> PrivateKey? { keys.withLock { $0[key] } }

  package func generate() throws(KeyStoreFault) -> PublicKey {
    do throws(CryptoError) {
      let key = try PrivateKey.generate(chain.suite)
      try files.begin(key, passphrase: passphrase)
      hold(key)
      return key.publicKey
    } catch {
      throw .key(error)
    }
  }

  package func complete(_ key: PublicKey) throws(KeyStoreFault) {
    guard held(key) != nil else { throw .gone(key) }
    do throws(CryptoError) { try files.complete() } catch { throw .key(error) }
  }

  package func succeed(by next: PublicKey) throws(KeyStoreFault) -> KeyStoreFault? {
    guard let key = held(next) else { throw .gone(next) }
    do throws(CryptoError) {
      let isInPlace = try? self.key(in: files.path).publicKey == next
      // Somebody removed its file while the node ran, which still has it.
      if !files.hasNext, !(isInPlace ?? false) {
        try files.begin(key, passphrase: passphrase)
        try files.complete()
      }
      let fault = try files.succeed()
      keys.withLock { $0 = [next: key] }
      return fault.map { .key($0) }
    } catch {
      throw .key(error)
    }
  }

  package func sign(_ statement: Statement, with key: PublicKey) throws(SigningRefusal) -> Signature {
    guard let key = held(key) else { throw .failed(reason: "the vote key \(key) is not here") }
    do throws(CryptoError) {
      return try key.sign(statement.signedBytes(chain))
    } catch {
      throw .failed(reason: error.explanation)
    }
  }

  package func prove(_ key: PublicKey, for validator: Name) throws(KeyStoreFault) -> KeyProof {
    guard let held = held(key) else { throw .gone(key) }
    do throws(CryptoError) {
      let signature = try held.sign(KeyProof.signedBytes(validator: validator, key: key, chain: chain))
      return KeyProof(validator: validator, key: key, signature: signature)
    } catch {
      throw .key(error)
    }
  }

  package func finalized(_ round: Round) {}
}
