internal import Cryptography
internal import Primitives
internal import Replica
internal import Synchronization

/// The validator's vote key, behind the guard that refuses to sign contradictions.
final class GuardedSigner: VoteSigner {
  private let key: PrivateKey
  private let chain: ChainContext
  private let memory: Mutex<VoteGuard>

  /// - Parameter memory: the votes signed so far, as restored from the log.
  init(key: PrivateKey, chain: ChainContext, memory: VoteGuard) {
    self.key = key
    self.chain = chain
    self.memory = Mutex(memory)
  }

  func sign(_ statement: Statement) throws(SigningRefusal) -> Signature {
    // The statement is remembered before it is signed, so a failure in between can only make the guard stricter.
    let conflict = memory.withLock { memory -> Statement? in
      if let conflict = memory.conflict(with: statement) { return conflict }
      memory.remember(statement)
      return nil
    }
    if let conflict { throw .conflict(with: conflict, refused: statement) }
    do throws(CryptoError) {
      return try key.sign(statement.signedBytes(chain))
    } catch {
      throw .failed(reason: error.explanation)
    }
  }

  func finalized(_ round: Round) { memory.withLock { $0.raiseFloor(to: round) } }
}
