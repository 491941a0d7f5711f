internal import Consensus
internal import Cryptography
package import Ledger
package import Primitives

/// Rebuilds a replica's state from its log, record by record, in order.
///
/// Blocks are executed again as their finalizations appear, so state, index and memory derive from the log alone. If
/// the restoration starts from a snapshot, the blocks up to the snapshot's are followed by their headers only. Final
/// blocks come out in height order, for the index.
package struct Restoration: ~Copyable {
  let chainContext: ChainContext
  /// The validators of the first epoch, and of the one that the log has reached.
  private let firstValidators: ValidatorSet
  package private(set) var validators: ValidatorSet
  private var chain: Chain
  /// The part of the chain up to the snapshot's block.
  private var below: HeaderChain?
  /// The proof of the snapshot.
  private let proof: CertifiedBlock?
  private var hash: HashFunction
  /// The block with which the epoch begins, and its finalization: genesis, or the closing of the epoch before. Another final
  /// block of the epoch takes its place if the closing is not known.
  package private(set) var openingBlock: Digest
  package private(set) var openingCertificate: Certificate?
  /// Position of the last record applied.
  package private(set) var position = LogPosition.start
  /// Nil for an empty log: it is then unknown whether this validator has voted before, so it listens.
  package private(set) var origin: LogOrigin?
  /// A node that had to listen may vote above this round.
  package private(set) var votingBar: VotingBar?
  /// Whether damage destroyed records that may have been own votes, and no bar was set since.
  package private(set) var areVotesLost = false
  /// The node's own keys besides that of the log's writer, as far as the log names them.
  private(set) var keys = OwnKeys()
  /// The vote keys that the node holds.
  package internal(set) var held: [PublicKey] = []
  /// The key that names the log's writer, and whether the log names it.
  var writer: PublicKey?
  var isNamed = false
  private(set) var ownVotes: [OwnVote] = []
  /// Own statements whose signatures the log does not have (protocol rule R49).
  package private(set) var unsigned: [Statement] = []
  /// The last own vote, even if its view is final by now.
  private(set) var lastVote: OwnVote?
  /// Whether nothing in the log says that this validator wrote it.
  var isNobodys = false
  private(set) var certificates: [Certificate] = []
  private(set) var finalization: Certificate?
  /// Finalizations that are in the log before their blocks, by block; a node that was catching up wrote them.
  private var early: [Digest: Certificate] = [:]
  /// A finalization whose blocks are not all here, because the node was catching up when it stopped.
  package private(set) var unmetFinalization: Certificate?

  /// - Parameter state: the state after genesis, or that of a verified snapshot.
  /// - Parameter base: what is known about the pruned part of the log.
  /// - Parameter schedule: that of the node's snapshots.
  /// - Parameter closings: those that the node has stored.
  package init(
    genesis: Genesis, state: consuming LoadedState, base: LogBase? = nil, schedule: SnapshotSchedule = .never,
    closings: ClosingBook = ClosingBook()
  ) {
    chainContext = genesis.chain
    hash = HashFunction(genesis.suite)
    let settled = state.ledger.settled
    firstValidators = genesis.validatorSet
    validators = state.ledger.settledConfiguration.validatorSet(of: settled.above.epoch)
    let closing =
      closings.leading(to: validators.epoch)
      ?? state.proof.flatMap { Closing($0, leadingTo: state.ledger.settledConfiguration) }
    openingBlock = validators.epoch == .first ? genesis.blockDigest : closing?.block ?? settled.block
    openingCertificate = closing?.certificate
    proof = state.proof
    if settled.height > .genesis {
      below = HeaderChain(
        from: base?.height ?? .genesis, block: base == nil ? genesis.blockDigest : nil,
        to: FinalBlock(digest: settled.block, height: settled.height))
    }
    chain = Chain(ledger: state.ledger, schedule: schedule, closings: closings)
    if let closing { chain.closings.note(closing) }
    if let base {
      origin = base.origin
      votingBar = base.votingBar.map { VotingBar($0) }
      areVotesLost = base.areVotesLost
      keys = base.keys
    }
  }

  /// Lends the state after the last executed block.
  package func withLedger<Answer>(_ body: (borrowing LedgerState) -> Answer) -> Answer { body(chain.ledger) }

  /// Applies the next record. Returns what became final with it.
  /// - Parameter number: the number of the record's kind.
  package mutating func apply(
    kind number: UInt8, payload: [UInt8], at position: LogPosition
  ) throws(RestorationError) -> RestoredRecord {
    self.position = position
    guard let kind = LogEntryKind(rawValue: number) else {
      throw RestorationError(position: position, cause: .unknownKind(number))
    }
    guard kind == .origin || kind == .void || origin != nil else {
      throw RestorationError(position: position, cause: .missingOrigin)
    }
    do {
      return try apply(DecodedEntry(kind, payload: payload))
    } catch let error as any ExplainedError {
      throw RestorationError(position: position, cause: .malformed(kind, error.explanation))
    } catch let cause as RestorationError.Cause {
      throw RestorationError(position: position, cause: cause)
    } catch {
      throw RestorationError(position: position, cause: .malformed(kind, "\(error)"))
    }
  }

  private mutating func apply(_ entry: DecodedEntry) throws -> RestoredRecord {
    switch entry {
    case .origin(let origin): try apply(origin)
    case .block(let block): try apply(block)
    case .vote(let vote): apply(vote)
    case .certificate(let certificate): try apply(certificate)
    case .execution(let execution): try apply(execution)
    case .votingBar(let bar): apply(bar)
    case .base(let base): try apply(base)
    case .void(let meaning): apply(meaning)
    case .ownKey(let key): apply(key)
    case .statement(let statement): apply(statement)
    }
  }

  private mutating func apply(_ origin: LogOrigin) throws -> RestoredRecord {
    guard self.origin == nil else { throw RestorationError.Cause.misplacedOrigin }
    self.origin = origin
    return RestoredRecord(kind: .origin)
  }

  private mutating func apply(_ entry: BlockEntry) throws -> RestoredRecord {
    if let end = below?.end {
      let header = try entry.header(chainContext)
      if header.height <= end.height {
        let digest = header.digest(chainContext, hash: &hash)
        early[digest] = nil
        var record = RestoredRecord(kind: .block, block: digest, height: header.height)
        record.final = below?.add(digest, header) ?? []
        meet(digest)
        return record
      }
    }
    let block = try entry.decoded(chainContext, hash: &hash)
    if block.header.height > chain.committed.height { chain.tree.insert(block, isLogged: true) }
    return RestoredRecord(kind: .block, block: block.digest, height: block.header.height)
  }

  private mutating func apply(_ execution: ExecutionRecord) throws -> RestoredRecord {
    if let end = below?.end, execution.result.height <= end.height {
      var record = RestoredRecord(kind: .execution, block: execution.result.block, height: execution.result.height)
      record.final = below?.addExecution(of: execution.result.block) ?? []
      return record
    }
    chain.tree[execution.result.block]?.execution = execution
    var record = RestoredRecord(kind: .execution, block: execution.result.block, height: execution.result.height)
    if let certificate = early.removeValue(forKey: execution.result.block) {
      try note(commit(certificate), in: &record)
    }
    try note(settle(), in: &record)
    return record
  }

  /// If a block above the snapshot's becomes final, the snapshot's block is final, too.
  private mutating func note(_ commits: [Commit], in record: inout RestoredRecord) throws {
    guard !commits.isEmpty else { return }
    record.final += below?.finish() ?? []
    if let end = below?.end, below?.isComplete == false {
      // Blocks below the snapshot are missing, as after damage that nobody could repair, so the index has blocks only
      // above it.
      below?.jump(to: end)
      record.base = end.height
    }
    record.commits += commits
    record.final += commits.map { FinalBlock(digest: $0.block.digest, height: $0.height) }
  }

  /// Clears the unmet finalization if it is for this block, which the snapshot covers.
  private mutating func meet(_ block: Digest) {
    if unmetFinalization?.statement.proposal?.block == block { unmetFinalization = nil }
  }

  private mutating func apply(_ vote: Vote) -> RestoredRecord {
    if Mutation.forgetNullify.isOn, vote.statement.kind == .nullify { return RestoredRecord(kind: .vote) }
    let own = OwnVote(vote: vote, position: position)
    ownVotes.append(own)
    lastVote = own
    return RestoredRecord(kind: .vote)
  }

  private mutating func apply(_ statement: Statement) -> RestoredRecord {
    if Mutation.forgetNullify.isOn, statement.kind == .nullify { return RestoredRecord(kind: .statement) }
    unsigned.append(statement)
    return RestoredRecord(kind: .statement)
  }

  /// Takes over statements that were appended to the log, which now ends at `position`.
  package mutating func append(_ statements: [Statement], through position: LogPosition) {
    unsigned += statements
    self.position = position
  }

  /// Takes the signature of an own statement.
  package mutating func take(_ vote: Vote) {
    unsigned.removeAll { $0 == vote.statement }
    ownVotes.append(OwnVote(vote: vote, position: position))
  }

  /// Forgets own votes of which nobody asks any more.
  private mutating func forgetVotes(where isOver: (Round) -> Bool) {
    ownVotes.removeAll { isOver($0.round) }
    unsigned.removeAll { isOver($0.round) }
    certificates.removeAll { isOver($0.round) }
  }

  private mutating func apply(_ certificate: Certificate) throws -> RestoredRecord {
    var record = RestoredRecord(kind: .certificate)
    if case .finalize(let proposal, _) = certificate.statement {
      // The chain index needs the block's own finalization, whether or not it is the newest, and whether or not the
      // block has been read yet. That of a committed block is no longer needed.
      record.block = proposal.block
      record.height = chain.tree[proposal.block]?.block.header.height ?? .genesis
      record.final = below?.finalize(proposal.block) ?? []
      if below?.knows(proposal.block) ?? false { noteCommitted(certificate) }
      if isNewer(certificate) {
        finalization = certificate
        unmetFinalization = certificate
        forgetVotes { $0 <= certificate.round }
        if below?.knows(proposal.block) ?? false { meet(proposal.block) }
      } else if chain.tree[proposal.block] != nil {
        // An older finalization, fetched while catching up, commits its part of the chain.
        try note(commit(certificate), in: &record)
        return record
      } else {
        if !(below?.knows(proposal.block) ?? false) { early[proposal.block] = certificate }
        return record
      }
      try note(settle(), in: &record)
    } else {
      certificates.append(certificate)
    }
    return record
  }

  private mutating func apply(_ bar: VotingBar) -> RestoredRecord {
    votingBar = bar
    areVotesLost = false
    keys.takeBar()
    return RestoredRecord(kind: .votingBar)
  }

  private mutating func apply(_ key: OwnKey) -> RestoredRecord {
    keys.take(key)
    return RestoredRecord(kind: .ownKey)
  }

  private mutating func apply(_ base: BaseEntry) throws -> RestoredRecord {
    let proof = try base.proof(chainContext)
    let block = FinalBlock(digest: proof.header.digest(chainContext, hash: &hash), height: proof.height)
    guard block.height <= chain.committed.height else {
      throw RestorationError.Cause.snapshotMissing(block.height, own: chain.committed.height)
    }
    var record = RestoredRecord(kind: .base, block: block.digest, height: block.height)
    // The log may hold every block up to there and more: if blocks below were lost to damage and the node went on from this
    // snapshot, those above it were in the log already.
    guard block.height > indexedHeight else { return record }
    below?.jump(to: block)
    early = [:]
    record.base = block.height
    return record
  }

  /// The height up to which blocks were reported as final, or skipped.
  private var indexedHeight: Height {
    if let below, !below.isComplete { below.tip } else { chain.committed.height }
  }

  private mutating func apply(_ meaning: VoidMeaning) -> RestoredRecord {
    // This void replaces the first record, which said how the log began.
    if origin == nil { origin = .joined }
    if meaning == .votesLost {
      areVotesLost = true
      keys.loseVotes()
    }
    return RestoredRecord(kind: .void)
  }

  /// Must be called after the last record. Returns the blocks that are final because the snapshot's block is, or, if
  /// the log does not reach up to that block, the base from which it continues.
  package mutating func finish() -> RestorationEnd {
    if let proof, proof.descendants.isEmpty { noteCommitted(proof.certificate) }
    if let proof, isNewer(proof.certificate) {
      let certificate = proof.certificate
      finalization = certificate
      unmetFinalization = certificate.statement.proposal?.block == chain.committed.block ? nil : certificate
      forgetVotes { $0 <= certificate.round }
    }
    guard var below, !below.isComplete else { return RestorationEnd() }
    let final = below.finish()
    self.below = below
    return RestorationEnd(final: final, base: below.isComplete ? nil : proof)
  }

  private mutating func settle() throws -> [Commit] {
    guard let target = unmetFinalization else { return [] }
    let commits = try commit(target)
    if chain.committed.block == target.statement.proposal?.block { unmetFinalization = nil }
    return commits
  }

  /// Commits the blocks that a finalization covers, once all of them and their executions have been read.
  private mutating func commit(_ certificate: Certificate) throws -> [Commit] {
    guard let block = certificate.statement.proposal?.block, chain.isExecuted(block) else { return [] }
    var changes = Chain.Changes()
    do throws(Chain.Fault) {
      try chain.commit(certificate, &changes)
    } catch {
      switch error {
      case .missing, .belowCommitted: break
      case .invalid(let height, let fault):
        throw RestorationError.Cause.blockDoesNotApply(height, fault.explanation)
      case .resultDiffers(let height, let own, let certified):
        throw RestorationError.Cause.resultDiffers(height, own: own, certified: certified)
      }
    }
    note(changes.commits)
    return changes.commits
  }

  private mutating func note(_ commits: [Commit]) {
    for commit in commits { votingBar?.take(commit) }
    beginEpochs()
  }

  /// Notes the finalization of a block that the snapshot covers.
  private mutating func noteCommitted(_ certificate: Certificate) {
    let round = certificate.round
    let isLast = chain.closings[round.epoch]?.block == certificate.statement.proposal?.block
    // If the closing is not known, it could be this one.
    guard round.epoch == validators.epoch || chain.closings[round.epoch] != nil else { return }
    votingBar?.take(round, endsEpoch: isLast)
  }

  /// Moves on to the epoch above the committed block. What the log has of earlier ones is over.
  private mutating func beginEpochs() {
    let above = chain.committed.above
    guard above.epoch > validators.epoch else { return }
    let closing = chain.closings.leading(to: above.epoch)
    openingBlock = closing?.block ?? chain.committed.block
    openingCertificate = closing?.certificate
    validators = chain.ledger.settledConfiguration.validatorSet(of: above.epoch)
    forgetVotes { $0.epoch < above.epoch }
  }

  /// The validators of an epoch; nil if they are not known.
  package func validators(of epoch: Epoch) -> ValidatorSet? {
    if epoch == validators.epoch { return validators }
    if epoch == .first { return firstValidators }
    return chain.closings.leading(to: epoch)?.configuration.validatorSet(of: epoch)
  }

  /// Those of the log included.
  package var closings: ClosingBook { chain.closings }
  /// That of the epoch that the log has reached.
  var configuration: ChainConfiguration { chain.ledger.settledConfiguration }

  package var committed: ChainPoint { chain.committed }

  /// The round of the newest finalization.
  package var finalizedRound: Round { finalization?.round ?? .genesis }
  private func isNewer(_ certificate: Certificate) -> Bool { certificate.round > finalizedRound }

  consuming func intoChain() -> Chain { chain }

  /// The state after `committed`.
  package consuming func intoLedger() -> LedgerState { chain.takeLedger() }
}
