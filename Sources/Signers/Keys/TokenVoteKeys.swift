internal import Cryptography
package import Ledger
package import Primitives
package import Replica
internal import Synchronization
package import Tokens

/// Vote keys in a PKCS #11 token: the one that the node has, under its label, and the one that it will have next, under the same
/// label with `.next`. They go through the same steps as key files (`KeySuccession`), with labels for paths.
package final class TokenVoteKeys: VoteKeyStore {
  private let token: Token
  private let label: String
  private let chain: ChainContext
  /// All keys that can sign.
  private let keys = Mutex<[PublicKey: TokenKey]>([:])
  private let away = Mutex(false)
  private let wake = Mutex<(@Sendable () -> Void)?>(nil)

  /// - Parameters:
  ///   - uri: names the token and, by its label alone, the key that the node has.
  ///   - pin: used if the URI names no file with the PIN.
  package init(_ uri: TokenURI, chain: ChainContext, pin: [UInt8]?) throws(TokenError) {
    guard let label = uri.object else { throw .noObject }
    // The identifier is another for each key that takes the label.
    guard uri.id == nil else { throw .uri(.unknown("id")) }
    self.label = label
    self.chain = chain
    token = try Token(uri, pin: pin, isWritable: true)
  }

  private var next: String { label + ".next" }
  /// The next key until it is known elsewhere.
  private var unfinished: String { label + ".next.new" }
  private var old: String { label + ".old" }

  private func find(_ label: String) throws(TokenError) -> TokenKey? {
    do throws(TokenError) {
      return try token.key(chain.suite, labelled: label)
    } catch {
      guard case .objectMissing = error else { throw error }
      return nil
    }
  }

  private func held(_ key: PublicKey) -> TokenKey? { keys.withLock { $0[key] } }

  /// Runs what changes the keys or reads them.
  private func perform<Value>(_ body: () throws(TokenError) -> Value) throws(KeyStoreFault) -> Value {
    do throws(TokenError) {
      return try body()
    } catch {
      throw .key(.signer(SigningFault(error, isAway: error.isAway)))
    }
  }

  // MARK: The keys

  package func read() throws(KeyStoreFault) -> HeldKeys {
    try perform { () throws(TokenError) in
      try recover()
      let current = try token.key(chain.suite, labelled: label)
      let next = try find(next)
      keys.withLock { keys in
        keys = [current.publicKey: current]
        if let next { keys[next.publicKey] = next }
      }
      return HeldKeys(current.publicKey, next: next?.publicKey)
    }
  }

  /// Ends a change of keys that was interrupted, and drops a next key that was not completed.
  private func recover() throws(TokenError) {
    try find(unfinished)?.destroy()
    guard let before = try find(old) else { return }
    if try find(label) == nil {
      guard let next = try find(next) else { return try before.relabel(label) }
      try next.relabel(label)
    }
    try before.destroy()
  }

  package func generate() throws(KeyStoreFault) -> PublicKey {
    try perform { () throws(TokenError) in
      try find(unfinished)?.destroy()
      let key = try token.generate(chain.suite, label: unfinished)
      keys.withLock { $0[key.publicKey] = key }
      return key.publicKey
    }
  }

  package func complete(_ key: PublicKey) throws(KeyStoreFault) {
    guard let held = held(key) else { throw .gone(key) }
    try perform { () throws(TokenError) in if held.label != next { try held.relabel(next) } }
  }

  package func succeed(by next: PublicKey) throws(KeyStoreFault) -> KeyStoreFault? {
    guard let key = held(next) else { throw .gone(next) }
    try perform { () throws(TokenError) in
      guard key.label != label else { return }
      if let current = try find(label) {
        // What is left of an earlier change is in the way.
        try find(old)?.destroy()
        try current.relabel(old)
      }
      try key.relabel(label)
    }
    keys.withLock { $0 = [next: key] }
    do throws(KeyStoreFault) {
      try perform { () throws(TokenError) in try find(old)?.destroy() }
      return nil
    } catch {
      return error
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

  // MARK: Votes

  package func sign(_ statement: Statement, with key: PublicKey) throws(SigningRefusal) -> Signature {
    guard let held = held(key) else { throw .failed(reason: "the vote key \(key) is not here") }
    do throws(CryptoError) {
      return try held.sign(statement.signedBytes(chain))
    } catch {
      guard case .signer(let fault) = error, fault.isAway else { throw .failed(reason: error.explanation) }
      away.withLock { $0 = true }
      wake.withLock { $0?() }
      throw .away(reason: error.explanation)
    }
  }

  package func finalized(_ round: Round) {}

  // MARK: Away and back

  package func watch(_ wake: @escaping @Sendable () -> Void) { self.wake.withLock { $0 = wake } }

  package var pause: UInt64? { away.withLock { $0 } ? 1_000_000 : nil }

  package func tend() -> StoreChange? {
    guard away.withLock({ $0 }) else { return nil }
    do throws(TokenError) {
      _ = try token.key(chain.suite, labelled: label)
    } catch {
      return .away(reason: error.explanation)
    }
    away.withLock { $0 = false }
    return .back
  }
}
