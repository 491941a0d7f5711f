import BlockLog
import NodeCore
package import Primitives
package import Replica
import Simulation

/// The signer of a harness's present run.
final class CurrentSigner {
  var signer: SimulatedSigner?
  /// What it remembers, if it is elsewhere.
  let memory: SignerMemory?
  /// Whether it answers as soon as it is asked.
  var isPrompt = true
  /// What it was asked and has not answered.
  var requests: [SigningRequest] = []
  var attempts = SigningAttempts()

  init(isElsewhere: Bool) { memory = isElsewhere ? SignerMemory() : nil }

  /// A run begins: nothing was asked in it.
  func start(_ ring: KeyRing, _ chain: ChainContext, _ memory: VoteGuard) -> SimulatedSigner {
    let signer = SimulatedSigner(
      ring: ring, chain: chain, memory: memory, isUnguarded: false, elsewhere: self.memory)
    self.signer = signer
    requests = []
    attempts = SigningAttempts()
    return signer
  }

  /// Brings log and signer to agree at a start. Returns the statements that only the signer had.
  func agree(
    _ journal: inout Journal<MemoryDisk>, _ restoration: inout Restoration, _ ring: KeyRing, _ chain: ChainContext
  ) throws(LogError) -> [Statement] {
    let said = memory?.statements.statements ?? []
    let missing = restoration.unrecorded(said)
    _ = try SaidStatements.record(said, &journal, &restoration)
    SaidStatements.sign(&restoration) { (statement, key) in
      memory?.admit(statement) == nil ? ring.sign(statement.signedBytes(chain), with: key) : nil
    }
    return missing
  }
}

extension ReplicaHarness {
  /// Takes the signer away, or gives it back. The replica learns of the latter only by an input.
  package var isSignerAway: Bool {
    get { current.signer?.isAway ?? false }
    set { current.signer?.isAway = newValue }
  }

  /// Whether the signer answers as soon as it is asked.
  package var isSignerPrompt: Bool {
    get { current.isPrompt }
    set { current.isPrompt = newValue }
  }

  /// Lets the signer elsewhere sign nothing any more at or below a round.
  package func closeSigner(through round: Round) { current.memory?.statements.raiseFloor(to: round) }

  /// Gives the signer elsewhere an empty memory, and then lets it remember a statement.
  package func forgetSigner() { current.memory?.statements = VoteGuard(epoch: .first) }
  package func rememberInSigner(_ statement: Statement) { current.memory?.statements.remember(statement) }

  /// Below which a signer elsewhere signs nothing any more.
  package var signerFloor: Round { current.memory?.statements.floor ?? .genesis }

  package var signings: [SigningRequest] { current.requests }

  /// The signer answers its oldest question, or the first `count`.
  package func answerSigning(_ count: Int = 1) {
    for _ in 0..<count {
      guard let signer = current.signer, !current.requests.isEmpty else { return }
      let request = current.requests.removeFirst()
      let answer = current.attempts.answer(request) { (statement, key) throws(SigningRefusal) in
        try signer.sign(statement, with: key)
      }
      step(.signed(request, answer))
    }
  }
}
