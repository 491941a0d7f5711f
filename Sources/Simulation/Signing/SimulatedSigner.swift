package import Primitives
package import Replica

/// The keys of a node behind the production vote guard, as in the shell of a node.
///
/// It is used by one cluster, on one thread.
package final class SimulatedSigner: VoteSigner, @unchecked Sendable {
  private let ring: KeyRing
  private let chain: ChainContext
  private var memory: VoteGuard
  /// Nil if the keys are in the node itself.
  private let elsewhere: SignerMemory?
  /// Keys that the node no longer has, although the ring keeps every key.
  private var dropped: Set<PublicKey> = []
  /// Whether the signer, which is elsewhere, is away.
  package var isAway = false
  /// A deliberate defect: the guard is not consulted.
  private let isUnguarded: Bool

  package init(
    ring: KeyRing, chain: ChainContext, memory: VoteGuard, isUnguarded: Bool, elsewhere: SignerMemory? = nil
  ) {
    self.elsewhere = elsewhere
    self.ring = ring
    self.chain = chain
    self.memory = memory
    self.isUnguarded = isUnguarded
  }

  package var isElsewhere: Bool { elsewhere != nil }

  package func sign(_ statement: Statement, with key: PublicKey) throws(SigningRefusal) -> Signature {
    if !isUnguarded, let conflict = memory.conflict(with: statement) {
      throw .conflict(with: conflict, refused: statement)
    }
    memory.remember(statement)
    guard !isAway else { throw .away(reason: "the simulated signer is down") }
    if !isUnguarded, let conflict = elsewhere?.admit(statement) {
      throw .declined(code: "signer.conflict", reason: "the simulated signer signed \(conflict)")
    }
    guard !dropped.contains(key) else { throw .failed(reason: "the vote key \(key) is not here") }
    guard let signature = ring.sign(statement.signedBytes(chain), with: key) else {
      throw .failed(reason: "the key ring has no such key")
    }
    return signature
  }

  func drop(_ key: PublicKey) { dropped.insert(key) }

  package func finalized(_ round: Round) {
    memory.raiseFloor(to: round)
    elsewhere?.statements.raiseFloor(to: round)
  }
}
