internal import Consensus
internal import Cryptography
internal import Ledger
internal import Primitives

/// Handles blocks between the consensus, which knows only digests, and the chain: builds a block in the node's own
/// turn, checks what others propose, and executes what is notarized.
///
/// The consensus asks for each of the three once, and each is tried again in every step until there is an answer. "Not
/// yet" is not an answer, only a verdict is. A try has two parts, before and after the state is moved to the parent.
struct Proposals {
  private var building: PendingBuild?
  private var checks: [Round: PendingCheck] = [:]
  private var certifications: [Round: PendingCertification] = [:]
  /// The block that was kept for each round: only one is kept, others are requested if they matter.
  private var proposed: [Round: Kept] = [:]
  /// The bytes of all of them that still count.
  private var keptBytes = 0
  private let keptLimit: Int
  /// The blocks of each round that were found invalid: they are neither fetched nor executed.
  private var invalid: [Round: Set<Digest>] = [:]

  private struct Kept {
    var digest: Digest
    /// 0 once the block was dropped, or belongs to the chain's own.
    var bytes: Int
  }

  /// - Parameter keptLimit: the bytes of proposed blocks beyond which the oldest are dropped.
  init(keptLimit: Int = Limits.proposedBytes) { self.keptLimit = keptLimit }

  var checkCount: Int { checks.count }
  var certificationCount: Int { certifications.count }
  var proposedCount: Int { proposed.count }

  /// Whether the consensus waits for an answer.
  var hasOpenQuestions: Bool { building != nil || !checks.isEmpty || !certifications.isEmpty }

  /// When the node's own block may be built, if that waits for the clock.
  var nextDeadline: Tick? { building?.notBefore }

  // MARK: Rounds

  /// Starts a new round: requests of earlier rounds to build or to check no longer matter.
  mutating func enter(_ round: Round) {
    if let build = building, build.round < round { building = nil }
    checks = checks.filter { $0.key >= round }
  }

  /// Notes that a round is final: no round up to it needs an answer.
  mutating func finalized(_ round: Round) {
    checks = checks.filter { $0.key > round }
    certifications = certifications.filter { $0.key > round }
    invalid = invalid.filter { $0.key > round }
  }

  /// Notes that this node gave up the view: it will not vote for a block of this round any more.
  mutating func giveUp(_ round: Round) { checks[round] = nil }

  /// Discards the blocks proposed up to a final round that did not become part of the chain, which is complete up to
  /// that round.
  mutating func discard(through round: Round, _ chain: inout Chain) {
    for (old, kept) in proposed where old <= round {
      chain.tree.discard(kept.digest)
      keptBytes -= kept.bytes
    }
    proposed = proposed.filter { $0.key > round }
  }

  /// Drops all building and checking because the chain was moved to another state.
  mutating func reset() {
    building = nil
    checks = [:]
  }

  // MARK: Received blocks

  func hasBlock(of round: Round) -> Bool { proposed[round] != nil }

  private func isInvalid(_ proposal: Proposal) -> Bool { invalid[proposal.round]?.contains(proposal.block) ?? false }

  /// Keeps a block and remembers its round. When the round is over, the block is discarded, no matter what height its
  /// leader wrote into it. A block of a round that is not over is above all committed ones; any other is invalid.
  mutating func keep(_ block: Block, of round: Round, _ chain: inout Chain) {
    keptBytes -= proposed[round]?.bytes ?? 0
    proposed[round] = Kept(digest: block.digest, bytes: 0)
    guard block.header.height > chain.committed.height else {
      invalid[round, default: []].insert(block.digest)
      return
    }
    proposed[round]?.bytes = block.bytes.count
    keptBytes += block.bytes.count
    chain.tree.insert(block, isLogged: false)
    makeRoom(&chain)
  }

  /// Drops the blocks of the oldest rounds while there are too many bytes of them, except those that the consensus asks
  /// about. A node that is catching up executes none of the others for a long time, and can fetch what it needs then.
  private mutating func makeRoom(_ chain: inout Chain) {
    guard keptBytes > keptLimit else { return }
    for round in proposed.keys.sorted() where keptBytes > keptLimit {
      guard let kept = proposed[round], checks[round] == nil, certifications[round] == nil else { continue }
      chain.tree.discard(kept.digest)
      keptBytes -= kept.bytes
      proposed[round]?.bytes = 0
    }
  }

  // MARK: Build

  mutating func build(_ round: Round, on parent: BlockReference, isEmptyWanted: Bool) {
    building = PendingBuild(round: round, parent: parent, isEmptyWanted: isEmptyWanted)
  }

  /// The pending build; nil if no block is to be built now.
  func dueBuild(_ now: Now) -> PendingBuild? {
    guard let build = building else { return nil }
    if let tick = build.notBefore, now.tick < tick { return nil }
    return build
  }

  /// Builds the node's own block on the state, which must be that of its parent.
  mutating func tryBuild(
    _ chain: inout Chain, _ admission: inout Admission, _ context: inout StepContext
  ) -> ProposalStep {
    guard let build = building else { return .waiting }
    let parent = chain.ledger.tip
    if parent.above.epoch > build.round.epoch {
      // Nothing is built on a block that ends the epoch; it is proposed again (R34).
      building = nil
      return .answer(.built(build.round, block: parent.block))
    }
    if mustWait(build, parent, context.now) {
      building?.notBefore = context.tick(in: Self.catchUpPause)
      return .waiting
    }
    building = nil
    guard let height = parent.height.next else { return .answer(.built(build.round, block: nil)) }
    let time = max(context.now.wall, parent.timestamp.advanced(byMilliseconds: 1))
    let transactions = admission.select(at: time, chain, &context)
    guard build.isEmptyWanted || !transactions.isEmpty || chain.returnsHold(at: time) else {
      return .answer(.declined(build.round))
    }
    let block = Block.assemble(
      height: height, parent: parent.block, parentResult: parent.result, timestamp: time,
      transactions: transactions, chain: context.chain, hash: &context.hash)
    chain.tree.insert(block, isLogged: false)
    return .answer(.built(build.round, block: block.digest))
  }

  /// Whether to let the clock catch up with a chain whose time is ahead of it. Every block's time is at least a
  /// millisecond after its parent's, so more than a thousand blocks a second, or a hostile leader, push the chain's
  /// time forward. Beyond half of the allowed drift, each block waits briefly; at the limit, where others would refuse
  /// the block, it waits as long as necessary.
  private func mustWait(_ build: PendingBuild, _ parent: ChainPoint, _ now: Now) -> Bool {
    let drift = Limits.clockDriftMilliseconds
    let ahead = parent.timestamp.rawValue > now.wall.rawValue ? parent.timestamp.rawValue - now.wall.rawValue : 0
    return ahead >= drift || (ahead > drift / 2 && build.notBefore == nil)
  }

  /// How long a leader waits for its clock before it tries again, in microseconds.
  private static let catchUpPause: UInt64 = 2000

  // MARK: Check

  mutating func check(_ proposal: Proposal, on parent: BlockReference) {
    checks[proposal.round] = PendingCheck(proposal: proposal, parent: parent)
  }

  /// Rounds with a proposal to check, in order.
  var checkRounds: [Round] { checks.keys.sorted() }

  /// Checks the proposal of a round as far as possible without moving the state.
  mutating func tryCheck(
    _ round: Round, _ chain: inout Chain, _ admission: borrowing Admission, _ context: inout StepContext
  ) -> ProposalStep {
    guard let check = checks[round], !(check.signatures?.isWaiting ?? false) else { return .waiting }
    let digest = check.proposal.block
    guard let node = chain.tree[digest] else {
      if digest == chain.committed.block {
        return refuse(check.proposal, .repeated, &chain, &context)
      }
      if isInvalid(check.proposal) { return refuse(check.proposal, .committedHeight, &chain, &context) }
      return .missing(digest)
    }
    guard check.signatures != nil else { return .needsState(of: check.parent.block) }
    return verifySignatures(of: node, check, &chain, admission, &context)
  }

  /// Checks the proposal of a round on the state, which must be that of its parent.
  mutating func judge(
    _ round: Round, _ chain: inout Chain, _ admission: borrowing Admission, _ context: inout StepContext
  ) -> ProposalStep {
    guard let check = checks[round], let node = chain.tree[check.proposal.block] else { return .waiting }
    let endsEpoch = chain.ledger.tip.above.epoch > round.epoch
    if check.proposal.block == check.parent.block {
      guard endsEpoch else { return refuse(check.proposal, .repeated, &chain, &context) }
      // A quorum judged it when it was proposed first.
      return accept(check.proposal, &chain)
    }
    guard !endsEpoch else { return refuse(check.proposal, .afterClosing, &chain, &context) }
    if let fault = chain.ledger.fault(in: node.block) {
      return refuse(check.proposal, .content(fault), &chain, &context)
    }
    let time = node.block.header.timestamp
    guard time <= context.now.wall.advanced(byMilliseconds: Limits.clockDriftMilliseconds) else {
      return refuse(check.proposal, .timeAhead(time.rawValue - context.now.wall.rawValue), &chain, &context)
    }
    chain.tree[check.proposal.block]?.isFaultless = true
    return verifySignatures(of: node, check, &chain, admission, &context)
  }

  /// Has those signatures verified that this node does not already know to be valid, a few pieces at a time.
  private mutating func verifySignatures(
    of node: BlockTree.Node, _ check: PendingCheck, _ chain: inout Chain, _ admission: borrowing Admission,
    _ context: inout StepContext
  ) -> ProposalStep {
    let round = check.proposal.round
    guard !node.isChecked else { return accept(check.proposal, &chain) }
    var signatures = check.signatures ?? BlockVerification(of: node.block, admission, &context)
    guard !signatures.proceed(round, node.block, admission, &context) else { return accept(check.proposal, &chain) }
    checks[round]?.signatures = signatures
    return .waiting
  }

  /// Completes a verification of signatures of a block's transactions. Returns the answer for the consensus, if there
  /// is one.
  mutating func finish(
    _ round: Round, _ ticket: Ticket, _ allHold: Bool, _ chain: inout Chain, _ context: inout StepContext
  ) -> ProposalStep {
    guard let check = checks[round], checks[round]?.signatures?.finish(ticket) ?? false, !allHold else {
      return .waiting
    }
    return refuse(check.proposal, .badSignature, &chain, &context)
  }

  /// Lets checks continue that waited for this verification.
  mutating func finishAwaited(_ ticket: Ticket) {
    for round in checks.keys { checks[round]?.signatures?.finishAwaited(ticket) }
  }

  private mutating func accept(_ proposal: Proposal, _ chain: inout Chain) -> ProposalStep {
    checks[proposal.round] = nil
    chain.tree[proposal.block]?.isChecked = true
    var changes = Chain.Changes()
    // Log the block before the vote, so that one sync covers both.
    chain.log(proposal.block, &changes)
    return .answer(.checked(proposal, valid: true), changes)
  }

  /// Refuses a proposal, which its leader signed. If the fault is proven, the leader is blamed, and the block is not
  /// looked at again.
  private mutating func refuse(
    _ proposal: Proposal, _ fault: ProposalFault, _ chain: inout Chain, _ context: inout StepContext
  ) -> ProposalStep {
    checks[proposal.round] = nil
    chain.tree.discard(proposal.block)
    context.notice(.rejectedBlock(proposal.round, code: fault.code, explanation: fault.explanation))
    if case .timeAhead(let milliseconds) = fault {
      context.notice(.timeAhead(proposal.round, milliseconds: milliseconds))
    }
    if fault.isProven {
      invalid[proposal.round, default: []].insert(proposal.block)
      let leader = context.configuration.peers.peer(context.configuration.validators.leader(of: proposal.view))
      if let leader, context.configuration.isOther(leader) { context.blame(leader, fault) }
    }
    return .answer(.checked(proposal, valid: false))
  }

  // MARK: Certify

  /// Has a block executed that a quorum notarized, which makes checking it pointless.
  mutating func certify(_ proposal: Proposal, on parent: BlockReference) {
    checks[proposal.round] = nil
    certifications[proposal.round] = PendingCertification(proposal: proposal, parent: parent)
  }

  /// Rounds with a notarized block to execute, in order.
  var certificationRounds: [Round] { certifications.keys.sorted() }

  /// Answers for the notarized block of a round if it has already been executed.
  mutating func tryCertify(_ round: Round, _ chain: borrowing Chain) -> ProposalStep {
    guard let pending = certifications[round] else { return .waiting }
    let digest = pending.proposal.block
    guard let node = chain.tree[digest] else {
      let isInvalid = isInvalid(pending.proposal)
      guard isInvalid || digest == chain.committed.block else { return .missing(digest) }
      certifications[round] = nil
      return isInvalid ? .answer(.certified(pending.proposal, result: nil)) : .waiting
    }
    guard let execution = node.execution else { return .needsState(of: pending.parent.block) }
    certifications[round] = nil
    return .answer(.certified(pending.proposal, result: execution.digest))
  }

  /// Executes the notarized block of a round on the state, which must be that of its parent.
  mutating func execute(_ round: Round, _ chain: inout Chain, _ context: inout StepContext) -> ProposalStep {
    guard let pending = certifications.removeValue(forKey: round) else { return .waiting }
    let digest = pending.proposal.block
    // A block that was proposed again is its own parent, and was executed on the way here.
    if let known = chain.tree[digest]?.execution {
      return .answer(.certified(pending.proposal, result: known.digest))
    }
    var changes = Chain.Changes()
    var result: Digest?
    do throws(Chain.Fault) {
      try chain.execute(digest, &changes)
      result = chain.tree[digest]?.execution?.digest
    } catch {
      if case .invalid(_, let fault) = error {
        invalid[round, default: []].insert(digest)
        context.notice(.rejectedBlock(round, code: fault.code, explanation: fault.explanation))
      }
    }
    return .answer(.certified(pending.proposal, result: result), changes)
  }
}
