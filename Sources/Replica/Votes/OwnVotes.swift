internal import Consensus
internal import Ledger
internal import Primitives

/// The node's own votes, from the decision until they count: recorded, signed, durable and sent in the order in which
/// they were decided (protocol rules R26, R32, R49).
///
/// A key that is here signs at once, and the record is the vote. A key elsewhere takes its time: the record is the
/// statement, so that the log and the signer work at the same time, and the vote leaves when both are done.
struct OwnVotes {
  private struct Decision {
    var statement: Statement
    var position: LogPosition
    /// Nil until it is signed.
    var vote: Vote?
    /// The attempt in which the signer was last asked.
    var attempt: UInt64?
    var isSent = false
  }

  private let signer: (any VoteSigner)?
  /// In log order.
  private var decisions: [Decision] = []
  private var isSignerAway = false
  /// Rises when the signer is back, so that everything is then asked in order.
  private var attempt: UInt64 = 0
  /// What is over, of which a signer elsewhere is told once the log says so durably. Otherwise a node that loses power would
  /// ask again for what the signer must then refuse.
  private var over: [(position: LogPosition, round: Round)] = []
  /// The running epoch, until the log says durably that it began.
  private var opening: (position: LogPosition, epoch: Epoch)?

  init(signer: (any VoteSigner)?) { self.signer = signer }

  /// The number of votes that do not count yet.
  var count: Int { decisions.count }

  // MARK: Saying

  /// Records a statement, and sends the vote once it is signed and the record is durable. While the signer is away, the
  /// statement waits. Returns the reason to stop if signing fails for good.
  mutating func say(_ statement: Statement, _ chain: borrowing Chain, _ context: inout StepContext) -> StopReason? {
    guard let signer, let own = context.configuration.own, let key = context.configuration.ownKey else { return nil }
    let height = statement.proposal.flatMap { chain.tree[$0.block]?.block.header.height } ?? .genesis
    guard signer.isElsewhere else {
      do throws(SigningRefusal) {
        let vote = Vote(statement: statement, signer: own, signature: try signer.sign(statement, with: key))
        let position = context.append(PendingRecord(vote, height: height))
        decisions.append(Decision(statement: statement, position: position, vote: vote))
        sendSigned(chain, &context)
        return nil
      } catch {
        return .signing(error)
      }
    }
    let position = context.append(PendingRecord(statement, height: height))
    decisions.append(Decision(statement: statement, position: position))
    dropOldest()
    if !isSignerAway { ask(&context) }
    return nil
  }

  /// Of too many statements that wait for the signer, the oldest is dropped: its view is over, as the node is in a later one.
  private mutating func dropOldest() {
    let unsigned = decisions.indices.filter { decisions[$0].vote == nil }
    if unsigned.count > Limits.withheldStatements { decisions.remove(at: unsigned[0]) }
  }

  /// Asks the signer for all signatures for which it was not asked in this attempt.
  private mutating func ask(_ context: inout StepContext) {
    guard opening == nil, let key = context.configuration.ownKey else { return }
    for index in decisions.indices where decisions[index].vote == nil && decisions[index].attempt != attempt {
      decisions[index].attempt = attempt
      context.effects.signings.append(
        SigningRequest(statement: decisions[index].statement, key: key, attempt: attempt))
    }
  }

  /// Sends what is signed. What is not signed yet holds back what was decided later.
  private mutating func sendSigned(_ chain: borrowing Chain, _ context: inout StepContext) {
    for index in decisions.indices {
      guard let vote = decisions[index].vote else { return }
      guard !decisions[index].isSent else { continue }
      decisions[index].isSent = true
      context.send(message(carrying: vote, chain, context), to: .all, after: decisions[index].position)
    }
  }

  /// Sends an own vote again, at once: it is durable. One that is not durable waits to be sent anyway.
  func resend(_ vote: Vote, _ chain: borrowing Chain, _ context: inout StepContext) {
    guard !decisions.contains(where: { $0.vote == vote }) else { return }
    context.send(message(carrying: vote, chain, context), to: .all)
  }

  /// The message that carries a vote. The leader's notarize vote is the proposal and carries the block.
  private func message(
    carrying vote: Vote, _ chain: borrowing Chain, _ context: borrowing StepContext
  ) -> PeerMessage {
    if case .notarize(let proposal) = vote.statement,
      context.configuration.validators.leader(of: proposal.view) == vote.signer, let node = chain.tree[proposal.block]
    {
      return .proposal(vote, block: node.block.bytes)
    }
    return .vote(vote)
  }

  /// Removes and returns the next own vote that counts now that the log is durable up to `position`.
  mutating func nextCounting(upTo position: LogPosition) -> Vote? {
    guard let first = decisions.first, let vote = first.vote, first.position <= position else { return nil }
    decisions.removeFirst()
    return vote
  }

  // MARK: The signer

  /// Takes the signer's answer. That of an earlier attempt is of no use, because the signer was asked again. Returns the reason
  /// to stop if signing fails for good.
  /// - Parameter mayVote: whether the statement may still be said.
  mutating func take(
    _ answer: Result<Signature, SigningRefusal>, to request: SigningRequest, mayVote: Bool, _ chain: borrowing Chain,
    _ context: inout StepContext
  ) -> StopReason? {
    guard request.attempt == attempt else { return nil }
    if case .failure(let refusal) = answer, case .away = refusal {
      signerIsAway(refusal, &context)
      return nil
    }
    guard let index = decisions.firstIndex(where: { $0.statement == request.statement && $0.vote == nil }),
      let own = context.configuration.own
    else { return nil }
    var refused: SigningRefusal?
    switch answer {
    case .success(let signature) where mayVote:
      decisions[index].vote = Vote(statement: request.statement, signer: own, signature: signature)
    case .success: decisions.remove(at: index)
    case .failure(let refusal):
      decisions.remove(at: index)
      refused = refusal
    }
    sendSigned(chain, &context)
    guard let refused, mayVote else { return nil }
    guard case .declined = refused else { return .signing(refused) }
    context.notice(.signerDeclined(request.statement, refused))
    return nil
  }

  /// Notes that the signer cannot be used, and says so.
  mutating func signerIsAway(_ refusal: SigningRefusal, _ context: inout StepContext) {
    guard !isSignerAway, signer != nil else { return }
    isSignerAway = true
    context.notice(.signerAway(refusal))
  }

  /// Asks for what waited for the signer.
  /// - Parameter mayVote: whether what waited may still be said.
  mutating func signerIsBack(mayVote: Bool, _ context: inout StepContext) {
    guard isSignerAway else { return }
    isSignerAway = false
    attempt += 1
    context.notice(.signerBack)
    if !mayVote { decisions.removeAll { $0.vote == nil } }
    ask(&context)
  }

  // MARK: What is over

  /// Begins an epoch: votes of the one before are of no use any more.
  mutating func beginEpoch(_ context: borrowing StepContext) {
    decisions = []
    over = []
    guard let signer else { return }
    guard signer.isElsewhere else { return signer.finalized(Round(epoch: context.epoch, view: .genesis)) }
    opening = (context.appended, context.epoch)
  }

  /// Ensures that nothing at or below this round is signed any more.
  mutating func close(through round: Round, _ context: borrowing StepContext) {
    guard let signer else { return }
    guard signer.isElsewhere else { return signer.finalized(round) }
    decisions.removeAll { $0.vote == nil && $0.statement.round <= round }
    // The second one waits for the first, however often it is replaced. A voting bar is above what is final after it.
    let last = over.count == 2 ? over.removeLast().round : round
    over.append((context.appended, max(last, round)))
  }

  /// Notes that the log is durable further.
  mutating func advanceDurable(_ context: inout StepContext) {
    if let opening, opening.position <= context.durable {
      self.opening = nil
      signer?.finalized(Round(epoch: opening.epoch, view: .genesis))
      if !isSignerAway { ask(&context) }
    }
    while let first = over.first, first.position <= context.durable {
      over.removeFirst()
      signer?.finalized(first.round)
    }
  }

  func checkInvariants() {
    let unsigned = decisions.filter { $0.vote == nil }
    precondition(
      isSignerAway || opening != nil || unsigned.allSatisfy { $0.attempt == attempt },
      "statements wait for a signer that is there")
    precondition(unsigned.count <= Limits.withheldStatements, "too many statements wait for the signer")
  }
}
