internal import Primitives
internal import Replica
internal import Signers
internal import Synchronization

/// The node's vote keys, behind the guard that refuses to sign contradictions.
final class GuardedSigner: VoteSigner {
  private let store: any VoteKeyStore
  private let memory: Mutex<VoteGuard>

  /// - Parameter memory: the votes signed so far, as restored from the log.
  init(_ store: any VoteKeyStore, memory: VoteGuard) {
    self.store = store
    self.memory = Mutex(memory)
  }

  var isElsewhere: Bool { store.isElsewhere }

  func sign(_ statement: Statement, with key: PublicKey) throws(SigningRefusal) -> Signature {
    // The statement is remembered before it is signed, so a failure in between can only make the guard stricter.
    let conflict = memory.withLock { memory -> Statement? in
      if let conflict = memory.conflict(with: statement) { return conflict }
      memory.remember(statement)
      return nil
    }
    if let conflict { throw .conflict(with: conflict, refused: statement) }
    return try store.sign(statement, with: key)
  }

  func finalized(_ round: Round) {
    memory.withLock { $0.raiseFloor(to: round) }
    store.finalized(round)
  }
}
