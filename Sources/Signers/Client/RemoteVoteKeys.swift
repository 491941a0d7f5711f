package import Ledger
package import Primitives
package import Replica
internal import Synchronization

/// Vote keys in a signer process, which is reached over a Unix socket and may be away for a while.
package final class RemoteVoteKeys: VoteKeyStore {
  private struct State {
    var connection: SignerConnection?
    /// Whether the signer cannot be used; it may still be connected, with a disk that is full.
    var isAway = false
    /// The keys that the signer was seen to have.
    var known: Set<PublicKey> = []
    /// The last final round of which the signer was told over this connection.
    var told: Round?
  }

  private let path: String
  private let hello: SignerHello
  private let state = Mutex(State())
  /// The last final round. The signer learns of it before it is asked for anything, so that nobody waits for that.
  private let floor = Mutex<Round?>(nil)
  private let saidBefore = Mutex<[Statement]>([])

  /// - Parameter description: says to people who the node is.
  package init(path: String, chain: ChainContext, description: String) {
    self.path = path
    hello = SignerHello(.node, chain, description: description)
  }

  package var said: [Statement] { saidBefore.withLock { $0 } }

  // MARK: Away and back

  package var isElsewhere: Bool { true }

  package func missedVote() { state.withLock { $0.isAway = true } }

  package var pause: UInt64? { state.withLock { $0.isAway } ? 250_000 : 1_000_000 }

  package func tend() -> StoreChange? {
    do throws(SignerError) {
      if state.withLock({ $0.connection == nil }) { try connect() }
      guard case .done = try ask(.ready, SignerLimits.signatureMilliseconds) else { throw unexpected }
      return state.withLock { state in
        defer { state.isAway = false }
        return state.isAway ? .back : nil
      }
    } catch {
      return state.withLock { state in
        // Said each time, because only the replica knows whether it has heard it.
        state.isAway = true
        return .away(reason: error.explanation)
      }
    }
  }

  /// Connects without keeping others from learning that the signer is away.
  private func connect() throws(SignerError) {
    let known = state.withLock { $0.known }
    let connection = try SignerConnection(path: path, hello, milliseconds: SignerLimits.signatureMilliseconds)
    guard known.isEmpty || known.contains(connection.welcome) else { throw .otherKey(path: path, connection.welcome) }
    state.withLock { state in
      state.connection = connection
      state.told = nil
    }
  }

  /// Asks the signer, if it is connected. After an error that is not a refusal it is away.
  private func ask(_ request: SignerRequest, _ milliseconds: UInt64) throws(SignerError) -> SignerAnswer {
    try state.withLock { ask(request, milliseconds, &$0) }.get()
  }

  private func ask(
    _ request: SignerRequest, _ milliseconds: UInt64, _ state: inout State
  ) -> Result<SignerAnswer, SignerError> {
    guard let connection = state.connection else {
      return .failure(.unreachable(path: path, reason: "it is not connected"))
    }
    do throws(SignerError) {
      if let floor = floor.withLock({ $0 }), floor != state.told {
        try connection.tell(.finalized(floor))
        state.told = floor
      }
      return .success(try connection.ask(request, milliseconds: milliseconds))
    } catch {
      if case .refused = error { return .failure(error) }
      state.connection = nil
      return .failure(error)
    }
  }

  /// The same for the thread that votes: it does not wait for what others ask, which may take longer than a vote.
  private func askSoon(_ request: SignerRequest) throws(SignerError) -> SignerAnswer {
    let deadline = SignerClock.milliseconds() + SignerLimits.signatureMilliseconds
    while true {
      let result = state.withLockIfAvailable { ask(request, SignerLimits.signatureMilliseconds, &$0) }
      if let result { return try result.get() }
      guard SignerClock.milliseconds() < deadline else {
        throw .silent(path: path, milliseconds: SignerLimits.signatureMilliseconds)
      }
      SignerClock.pause(microseconds: 200)
    }
  }

  // MARK: The keys

  package func read() throws(KeyStoreFault) -> HeldKeys {
    do throws(SignerError) {
      if state.withLock({ $0.connection == nil }) { try connect() }
      guard case .keys(let held, let said) = try ask(.read, SignerLimits.answerMilliseconds) else { throw unexpected }
      state.withLock { $0.known = Set(held.all) }
      saidBefore.withLock { $0 = said }
      return held
    } catch {
      throw .signer(error)
    }
  }

  package func generate() throws(KeyStoreFault) -> PublicKey {
    guard case .key(let key) = try perform(.generate) else { throw .signer(unexpected) }
    state.withLock { _ = $0.known.insert(key) }
    return key
  }

  package func complete(_ key: PublicKey) throws(KeyStoreFault) {
    guard case .done = try perform(.complete(key)) else { throw .signer(unexpected) }
  }

  package func succeed(by next: PublicKey) throws(KeyStoreFault) -> KeyStoreFault? {
    switch try perform(.succeed(by: next)) {
    case .done: return nil
    case .undestroyed(let reason): return .signer(.refused(.failed(reason)))
    default: throw .signer(unexpected)
    }
  }

  package func prove(_ key: PublicKey, for validator: Name) throws(KeyStoreFault) -> KeyProof {
    guard case .signature(let signature) = try perform(.prove(key, validator: validator)) else {
      throw .signer(unexpected)
    }
    return KeyProof(validator: validator, key: key, signature: signature)
  }

  private func perform(_ request: SignerRequest) throws(KeyStoreFault) -> SignerAnswer {
    do throws(SignerError) {
      return try ask(request, SignerLimits.answerMilliseconds)
    } catch {
      if case .refused(.gone(let key)) = error { throw .gone(key) }
      throw .signer(error)
    }
  }

  private var unexpected: SignerError { .answer(path: path, reason: "it answers something else than it was asked") }

  // MARK: Votes

  package func sign(_ statement: Statement, with key: PublicKey) throws(SigningRefusal) -> Signature {
    do throws(SignerError) {
      let answer = try askSoon(.sign(statement, key: key))
      guard case .signature(let signature) = answer else { throw unexpected }
      return signature
    } catch {
      switch error {
      case .refused(.conflict): throw .declined(code: error.code, reason: error.explanation)
      case .refused(.unknownKey), .refused(.failed), .refused(.malformed), .refused(.otherRole):
        throw .failed(reason: error.explanation)
      default: throw .away(reason: error.explanation)
      }
    }
  }

  package func finalized(_ round: Round) {
    floor.withLock { $0 = max($0 ?? round, round) }
  }
}
