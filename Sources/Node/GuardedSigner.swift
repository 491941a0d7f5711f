internal import Cryptography
internal import Primitives
internal import Replica
internal import Synchronization

/// The node's vote keys, behind the guard that refuses to sign contradictions.
final class GuardedSigner: VoteSigner {
  private let keys: Mutex<[PublicKey: PrivateKey]>
  private let chain: ChainContext
  private let memory: Mutex<VoteGuard>

  /// - Parameter memory: the votes signed so far, as restored from the log.
  init(keys: [PrivateKey], chain: ChainContext, memory: VoteGuard) {
    self.keys = Mutex(Dictionary(keys.map { ($0.publicKey, $0) }) { first, _ in first })
    self.chain = chain
    self.memory = Mutex(memory)
  }

  func hold(_ key: PrivateKey) { keys.withLock { $0[key.publicKey] = key } }

  func drop(_ key: PublicKey) { keys.withLock { $0[key] = nil } }

  func sign(_ statement: Statement, with key: PublicKey) throws(SigningRefusal) -> Signature {
    // The statement is remembered before it is signed, so a failure in between can only make the guard stricter.
    let conflict = memory.withLock { memory -> Statement? in
      if let conflict = memory.conflict(with: statement) { return conflict }
      memory.remember(statement)
      return nil
    }
    if let conflict { throw .conflict(with: conflict, refused: statement) }
    guard let key = keys.withLock({ $0[key] }) else { throw .failed(reason: "the vote key \(key) is not here") }
    do throws(CryptoError) {
      return try key.sign(statement.signedBytes(chain))
    } catch {
      throw .failed(reason: error.explanation)
    }
  }

  func finalized(_ round: Round) { memory.withLock { $0.raiseFloor(to: round) } }
}
