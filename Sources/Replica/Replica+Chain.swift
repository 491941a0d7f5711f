internal import Consensus
internal import Ledger
internal import Primitives

// Everything that a step may have made possible: building, checking and executing blocks, committing final blocks, and
// requesting missing ones.
extension Replica {
  /// Tries everything that waits for data. "Not yet" remains pending; only a verdict is an answer.
  /// While the log is behind, nothing is done that would bring more blocks; the next durable position leads to the next
  /// try.
  mutating func goOn() {
    guard stopped == nil, !context.isLogBehind else { return }
    if isEpochOver { beginEpoch() }
    // An answer may lead to the next question in the same step, so continue until there is no progress.
    var isMoving = proposals.hasOpenQuestions
    while isMoving, stopped == nil, !isEpochOver {
      isMoving = tryBuild()
      for round in proposals.checkRounds where tryCheck(round) { isMoving = true }
      for round in proposals.certificationRounds where tryCertify(round) { isMoving = true }
    }
    commitTarget()
    guard !isEpochOver else { return goOn() }
    closingSync.fetch(chain.closings, peers.connected, &context)
    catchUp()
    if blockSync.wantedCount > 0 {
      blockSync.fetchWanted(consensus, chain, peers.connected, &context)
    }
    endListening()
  }

  // MARK: Proposals

  private mutating func tryBuild() -> Bool {
    guard let build = proposals.dueBuild(context.now), moveState(to: build.parent.block, for: build.round) else {
      return false
    }
    return follow(proposals.tryBuild(&chain, &admission, &context), build.round)
  }

  private mutating func tryCheck(_ round: Round) -> Bool {
    let step = proposals.tryCheck(round, &chain, admission, &context)
    guard case .needsState(let parent) = step else { return follow(step, round) }
    guard moveState(to: parent, for: round) else { return false }
    return follow(proposals.judge(round, &chain, admission, &context), round)
  }

  private mutating func tryCertify(_ round: Round) -> Bool {
    let step = proposals.tryCertify(round, chain)
    guard case .needsState(let parent) = step else { return follow(step, round) }
    guard moveState(to: parent, for: round) else { return false }
    return follow(proposals.execute(round, &chain, &context), round)
  }

  /// Acts on the result of a proposal's step. Returns whether the consensus received an answer.
  mutating func follow(_ step: ProposalStep, _ round: Round) -> Bool {
    switch step {
    case .waiting, .needsState: return false
    case .missing(let digest):
      blockSync.want(digest, of: round)
      return false
    case .answer(let input, let changes):
      if let changes { apply(changes) }
      feed(input)
      if case .declined = input { reportWork() }
      return true
    }
  }

  /// Moves the state to `digest`. Returns false if a block on the path is missing; stops the node if an execution gives
  /// a result that differs from an earlier one.
  private mutating func moveState(to digest: Digest, for round: Round) -> Bool {
    var changes = Chain.Changes()
    var isThere = false
    do throws(Chain.Fault) {
      try chain.move(to: digest, &changes)
      isThere = true
    } catch {
      switch error {
      case .missing(let missing): blockSync.want(missing, of: round)
      case .resultDiffers(let height, let own, let certified):
        apply(changes)
        stop(.resultDiffers(height, own: own, certified: certified))
        return false
      case .invalid, .belowCommitted: break
      }
    }
    apply(changes)
    return isThere
  }

  // MARK: Finality

  /// Commits the blocks that the newest finalization covers, if they are here.
  mutating func commitTarget() {
    guard stopped == nil, !context.isLogBehind, let target = blockSync.target else { return }
    var changes = Chain.Changes()
    do throws(Chain.Fault) {
      try chain.commit(target, &changes)
      endCatchingUp()
    } catch {
      handle(error)
    }
    apply(changes)
  }

  /// Commits the blocks of a range that are below the target.
  mutating func commit(_ range: VerifiedRange) {
    var changes = Chain.Changes()
    do throws(Chain.Fault) {
      try chain.commit(range, &changes)
    } catch {
      handle(error)
    }
    apply(changes)
  }

  private mutating func handle(_ fault: Chain.Fault) {
    switch fault {
    case .missing: break  // The missing block is fetched while catching up.
    case .belowCommitted: endCatchingUp()
    case .invalid(let height, let fault): stop(.finalizedBlockInvalid(height, explanation: fault.explanation))
    case .resultDiffers(let height, let own, let certified):
      stop(.resultDiffers(height, own: own, certified: certified))
    }
  }

  /// Ends catching up: everything known to be final is committed.
  private mutating func endCatchingUp() {
    if blockSync.isReported || stateSync.isFetching { context.notice(.caughtUp(chain.committed.height)) }
    blockSync.reached()
    stateSync.reset()
    // While catching up, blocks arrive as fast as they can be executed, and snapshots of states soon left behind would
    // be wasted.
    chain.pinsSnapshots = true
  }

  /// Requests final blocks, and a snapshot if that is the shorter way, while there is a finalization that is not
  /// committed. Blocks are requested while a snapshot is being fetched, too: whoever offered it decides nothing
  /// (attack H2).
  private mutating func catchUp() {
    guard blockSync.isCatchingUp, chain.committed.height.next != nil else { return }
    chain.pinsSnapshots = false
    stateSync.fetch(isNobodyLeft: blockSync.areFruitless(peers.connected), chain, peers, &context)
    let spacing = stateSync.isUnderWay ? context.configuration.retryInterval : 0
    let asked = blockSync.fetchRange(
      above: chain.committed.height, peers.connected, spacing: spacing, &context)
    for peer in asked { stateSync.expect(from: peer) }
  }

  private mutating func endListening() {
    guard rejoin.isListening, stopped == nil,
      let bar = rejoin.end(peers, consensus, isCatchingUp: blockSync.isCatchingUp, &context)
    else { return }
    votes.own.close(through: bar, context)
    feed(.allowVoting(above: bar))
  }
}
