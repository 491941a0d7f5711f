package import Consensus
package import Cryptography
internal import Ledger
package import Primitives

// What the log says of the node's own votes: the replica's initial memory, and whether it may vote.
extension Restoration {
  /// Own votes and certificates above the newest finalization.
  package var consensusMemory: RestoredConsensus {
    RestoredConsensus(
      finalization: finalization, ownVotes: ownVotes.map(\.vote), unsigned: unsigned, certificates: certificates,
      memory: mustListen ? .incomplete : .complete(above: votingBar?.round ?? .genesis))
  }

  /// What this node said, or may have said, above the last final round, and the round up to which nothing may be signed any more.
  package var signedStatements: [Statement] { ownVotes.map(\.vote.statement) + unsigned }
  package var closedRound: Round { max(finalizedRound, votingBar?.round ?? .genesis) }

  /// Whether a statement of this node may still matter.
  package func isOpen(_ statement: Statement) -> Bool {
    statement.epoch == validators.epoch && statement.round > closedRound
  }

  /// What a signer signed for this node, still matters, and is not in the log. What contradicts the log was never sent: its
  /// record was lost, and the node went on without that signer.
  package func unrecorded(_ said: [Statement]) -> [Statement] {
    guard !mustListen, ownKey != nil else { return [] }
    var memory = voteGuard()
    var missing: [Statement] = []
    for statement in said where isOpen(statement) && !memory.remembers(statement) {
      guard memory.conflict(with: statement) == nil else { continue }
      memory.remember(statement)
      missing.append(statement)
    }
    return missing
  }

  /// The own statements to be signed: those without signature that still matter and contradict no vote.
  package var signable: [Statement] {
    var memory = VoteGuard(epoch: validators.epoch)
    for vote in ownVotes { memory.remember(vote.vote.statement) }
    var signable: [Statement] = []
    for statement in unsigned where isOpen(statement) && memory.conflict(with: statement) == nil {
      memory.remember(statement)
      signable.append(statement)
    }
    return signable
  }

  /// The initial memory of the signer's guard.
  package func voteGuard() -> VoteGuard {
    var memory = VoteGuard(epoch: validators.epoch)
    memory.raiseFloor(to: closedRound)
    for statement in signedStatements { memory.remember(statement) }
    return memory
  }

  /// Takes over the vote keys that the node holds.
  /// - Parameter writer: the writer that the log names, which may be a key that the node had before; nil if it names none.
  /// - Returns: the held keys that the log does not name.
  package mutating func hold(_ keys: HeldKeys, writer: PublicKey?) -> [PublicKey] {
    held = keys.all
    isNamed = writer != nil
    self.writer = writer ?? keys.current
    return held.filter { !named.contains($0) }
  }

  /// The keys that the log names.
  private var named: Set<PublicKey> { Set(keys.list.map(\.key) + [writer].compactMap(\.self)) }

  /// Checks that this node wrote what the log contains about its owner. Own votes carry signatures of its keys; the other
  /// own records are bound to the segment headers, which name the key that it had first (`LogOwner`). Must be called after
  /// `finish` and `hold`.
  ///
  /// A log that names no writer, as older versions wrote it, and that contains no own vote could be any node's: its
  /// node listens as if its log was lost (Documentation/protocol.md, R30).
  /// - Parameter holds: returns whether a signature is valid.
  package mutating func requireOwn(holds: (VerificationItem) -> Bool) throws(RestorationError) {
    let known = named.union(held)
    let votes = ownVotes + (ownVotes.isEmpty ? [lastVote].compactMap(\.self) : [])
    for vote in votes {
      let set = validators(of: vote.round.epoch)
      let signer = set.flatMap { $0.contains(vote.vote.signer) ? $0.voteKey(of: vote.vote.signer) : nil }
      // Of an epoch whose validators are not known, it may be any of the keys.
      let candidates = set == nil ? known : known.filter { $0 == signer }
      let message = vote.vote.statement.signedBytes(chainContext)
      let isOwn = candidates.contains {
        holds(VerificationItem(message: message, key: $0, signature: vote.vote.signature))
      }
      guard isOwn else {
        throw RestorationError(
          position: vote.position, cause: .foreignVote(own: held[0], found: signer))
      }
    }
    isNobodys = votes.isEmpty && !isNamed
  }

  /// Whether own records are of a later epoch than the blocks lead to, because damage took the end of an epoch from the log.
  private var isBehindVotes: Bool {
    max(closedRound, signedStatements.map(\.round).max() ?? .genesis).epoch > validators.epoch
  }

  /// What the log knows of the votes of the node's keys.
  var votingMemory: VotingMemory {
    var memory = VotingMemory(
      writer: writer, votes: votingBar != nil ? .barred : origin == .founded ? .complete : .lost, keys: keys,
      bar: votingBar)
    if areVotesLost || isNobodys || isBehindVotes { memory.loseVotes() }
    return memory
  }

  /// The key with which the node votes in the epoch that the log has reached; nil if it is not one of the validators.
  package var ownKey: PublicKey? { held.first { validators.index(ofVoteKey: $0) != nil } }

  /// Whether the node must listen before it votes (protocol rules R30, R32, R46).
  package var mustListen: Bool { votingMemory.mustListen(with: ownKey ?? writer, in: validators.epoch) }

  /// What must be kept of the log up to this point when the blocks up to `height` are pruned.
  package func base(at height: Height) -> LogBase {
    LogBase(
      height: height, origin: origin ?? .joined, votingBar: votingBar?.round, areVotesLost: areVotesLost, keys: keys)
  }
}
