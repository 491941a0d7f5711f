internal import BlockLog
internal import Cryptography
internal import Dispatch
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
  /// Of the key's place in the token: another process on this machine would each allow what the other forbids.
  private let lock: DirectoryLock
  /// Signs, so that whoever waits for a token that hangs can go on without it.
  private let queue = DispatchQueue(label: "token-signing")
  private let isSigning = Mutex(false)

  /// - Parameters:
  ///   - uri: names the token and, by its label alone, the key that the node has.
  ///   - pin: used if the URI names no file with the PIN.
  package init(_ uri: TokenURI, chain: ChainContext, pin: [UInt8]?) throws {
    guard let label = uri.object else { throw TokenError.noObject }
    // The identifier is another for each key that takes the label.
    guard uri.id == nil else { throw TokenError.uri(.unknown("id")) }
    self.label = label
    self.chain = chain
    token = try Token(uri, pin: pin, isWritable: true)
    var hash = HashFunction(chain.suite)
    let place = hash.hash(Array("\(token.identity.serial) \(label)".utf8))
    lock = try Self.lock("roadbed-key-\(place)")
  }

  /// In a folder that is the same for all processes of the machine, whatever their settings.
  private static func lock(_ name: String) throws(DirectoryLockError) -> DirectoryLock {
    do throws(DirectoryLockError) {
      return try DirectoryLock(path: "/run/lock/\(name)")
    } catch {
      guard case .disk = error else { throw error }
    }
    return try DirectoryLock(path: "/tmp/\(name)")
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
    // What cannot be destroyed does no harm to this node, and is tried again at the next start.
    try? before.destroy()
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
      if let current = try find(label), current.publicKey != next {
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
    let result = signature(of: statement.signedBytes(chain), by: held)
    switch result {
    case .success(let signature): return signature
    case .failure(.signer(let fault)) where !fault.isAway: throw .failed(reason: fault.explanation)
    case .failure(let error): throw isAway(error.explanation)
    case nil:
      throw isAway("the token did not answer within \(SignerLimits.signatureMilliseconds) ms")
    }
  }

  private func isAway(_ reason: String) -> SigningRefusal {
    missedVote()
    return .away(reason: reason)
  }

  /// Nil if the token does not answer in time, or has not answered what it was asked before.
  private func signature(of message: [UInt8], by key: TokenKey) -> Result<Signature, CryptoError>? {
    let isFree = isSigning.withLock { isSigning in
      defer { isSigning = true }
      return !isSigning
    }
    guard isFree else { return nil }
    let result = Mutexed<Result<Signature, CryptoError>?>(nil)
    let done = DispatchSemaphore(value: 0)
    queue.async { [self] in
      let made = Result { () throws(CryptoError) in try key.sign(message) }
      result.set(made)
      isSigning.withLock { $0 = false }
      done.signal()
    }
    let patience = DispatchTime.now() + .milliseconds(Int(SignerLimits.signatureMilliseconds))
    guard done.wait(timeout: patience) == .success else { return nil }
    return result.value
  }

  /// A value that one thread hands to another.
  private final class Mutexed<Value: Sendable>: Sendable {
    private let content: Mutex<Value>
    init(_ value: Value) { content = Mutex(value) }
    var value: Value { content.withLock { $0 } }
    func set(_ value: Value) { content.withLock { $0 = value } }
  }

  package func finalized(_ round: Round) {}

  // MARK: Away and back

  package var isElsewhere: Bool { true }

  package func missedVote() { away.withLock { $0 = true } }

  package var pause: UInt64? { away.withLock { $0 } ? 1_000_000 : nil }

  package func tend() -> StoreChange? {
    guard away.withLock({ $0 }) else { return nil }
    guard !isSigning.withLock({ $0 }) else { return .away(reason: "the token has not answered yet") }
    do throws(TokenError) {
      _ = try token.key(chain.suite, labelled: label)
    } catch {
      return .away(reason: error.explanation)
    }
    away.withLock { $0 = false }
    return .back
  }
}
