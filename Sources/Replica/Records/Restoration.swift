package import Consensus
package import Cryptography
package import Ledger
package import Primitives

/// Rebuilds a replica's state from its log, record by record, in order.
///
/// Blocks are executed again as their finalizations appear, so state, index and memory derive from the log
/// alone. Those at or below the block of a snapshot, if it begins with one, are followed by their headers. What is
/// final comes out in height order, for the index.
package struct Restoration: ~Copyable {
  private let chainContext: ChainContext
  private let validators: [GenesisValidator]
  private var chain: Chain
  /// The part of the chain below the snapshot.
  private var below: HeaderChain?
  /// What proves the snapshot.
  private let proof: CertifiedBlock?
  private var hash: HashFunction
  package let genesisBlock: Digest
  /// Position of the last record applied.
  package private(set) var position = LogPosition.start
  /// Nil for a log that holds nothing: whether this validator voted before is then unknown, so it listens.
  package private(set) var origin: LogOrigin?
  /// Above this view a node that had to listen may vote.
  package private(set) var votingBar: View?
  /// Whether damage took records that may have been own votes, and no bar was set since.
  package private(set) var areVotesLost = false
  private var wereVotesLost = false
  private var ownVotes: [OwnVote] = []
  /// The last one, also if its view is final by now.
  private var lastVote: OwnVote?
  /// Nothing in the log says that this validator wrote it.
  private var isNobodys = false
  private var certificates: [Certificate] = []
  private var finalization: Certificate?
  /// Finalizations that stand in the log before their blocks, by block: a node that was catching up wrote them.
  private var early: [Digest: Certificate] = [:]
  /// A finalization whose blocks are not all here: the node was catching up when it stopped.
  package private(set) var unmetFinalization: Certificate?

  /// - Parameter ledger: the state after genesis.
  package init(genesis: Genesis, ledger: consuming LedgerState) {
    self.init(genesis: genesis, state: LoadedState(ledger: ledger, proof: nil))
  }

  /// - Parameter state: after genesis, or of a snapshot that was verified.
  /// - Parameter base: what is known of the pruned part of the log.
  package init(genesis: Genesis, state: consuming LoadedState, base: LogBase? = nil) {
    chainContext = genesis.chain
    validators = genesis.validators
    hash = HashFunction(genesis.suite)
    genesisBlock = genesis.blockDigest
    let settled = state.ledger.settled
    proof = state.proof
    if settled.height > .genesis {
      below = HeaderChain(
        from: base?.height ?? .genesis, block: base == nil ? genesis.blockDigest : nil,
        to: FinalBlock(digest: settled.block, height: settled.height))
    }
    chain = Chain(ledger: state.ledger)
    if let base {
      origin = base.origin
      votingBar = base.votingBar
      areVotesLost = base.areVotesLost
      wereVotesLost = base.areVotesLost
    }
  }

  /// Applies the next record. Returns what became final with it.
  package mutating func apply(
    kind rawKind: UInt8, payload: [UInt8], at position: LogPosition
  ) throws(RestorationError) -> RestoredRecord {
    self.position = position
    guard let kind = RecordKind(rawValue: rawKind) else {
      throw RestorationError(position: position, cause: .unknownKind(rawKind))
    }
    guard kind == .origin || kind == .void || origin != nil else {
      throw RestorationError(position: position, cause: .missingOrigin)
    }
    do {
      switch kind {
      case .origin: return try applyOrigin(payload)
      case .block: return try applyBlock(payload)
      case .vote: return try applyVote(payload)
      case .certificate: return try applyCertificate(payload)
      case .execution: return try applyExecution(payload)
      case .votingBar: return try applyBar(payload)
      case .base: return try applyBase(payload)
      case .void: return try applyVoid(payload)
      }
    } catch let error as CodecError {
      throw RestorationError(position: position, cause: .malformed(kind, error.explanation))
    } catch let error as BlockError {
      throw RestorationError(position: position, cause: .malformed(kind, error.explanation))
    } catch let cause as RestorationError.Cause {
      throw RestorationError(position: position, cause: cause)
    } catch {
      throw RestorationError(position: position, cause: .malformed(kind, "\(error)"))
    }
  }

  private mutating func applyOrigin(_ payload: [UInt8]) throws -> RestoredRecord {
    guard origin == nil else { throw RestorationError.Cause.misplacedOrigin }
    let raw = try Reader.whole(payload) { (reader) throws(CodecError) in try reader.byte() }
    guard let origin = LogOrigin(rawValue: raw) else { throw CodecError.unknown(field: "origin", value: UInt64(raw)) }
    self.origin = origin
    return RestoredRecord(kind: .origin)
  }

  private mutating func applyBlock(_ payload: [UInt8]) throws -> RestoredRecord {
    if let end = below?.end {
      let header = try BlockHeader(bytes: Array(payload.prefix(BlockHeader.byteCount)), chain: chainContext)
      if header.height <= end.height {
        let digest = header.digest(chainContext, hash: &hash)
        early[digest] = nil
        var record = RestoredRecord(kind: .block, block: digest, height: header.height)
        record.final = below?.add(digest, header) ?? []
        meet(digest)
        return record
      }
    }
    let block = try Block(bytes: payload, chain: chainContext, hash: &hash)
    if block.header.height > chain.committed.height { chain.tree.insert(block, isLogged: true) }
    return RestoredRecord(kind: .block, block: block.digest, height: block.header.height)
  }

  private mutating func applyExecution(_ payload: [UInt8]) throws -> RestoredRecord {
    let execution = try ExecutionRecord(payload)
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

  /// What becomes final above the snapshot's block makes that one final, too.
  private mutating func note(_ commits: [Commit], in record: inout RestoredRecord) throws {
    guard !commits.isEmpty else { return }
    record.final += below?.finish() ?? []
    if let end = below?.end, below?.isComplete == false {
      // Blocks below the snapshot are missing, as damage leaves it that nobody could repair: what is found again begins
      // above it.
      below?.jump(to: end)
      record.base = end.height
    }
    record.commits += commits
    record.final += commits.map { FinalBlock(digest: $0.block.digest, height: $0.height) }
  }

  /// A finalization of a block that the snapshot covers is met.
  private mutating func meet(_ block: Digest) {
    if unmetFinalization?.statement.proposal?.block == block { unmetFinalization = nil }
  }

  private mutating func applyVote(_ payload: [UInt8]) throws -> RestoredRecord {
    let vote = try Reader.whole(payload) { (reader) throws(CodecError) in try Vote(from: &reader) }
    if Mutation.forgetNullify.isOn, vote.statement.kind == .nullify { return RestoredRecord(kind: .vote) }
    let own = OwnVote(vote: vote, position: position)
    ownVotes.append(own)
    lastVote = own
    return RestoredRecord(kind: .vote)
  }

  private mutating func applyCertificate(_ payload: [UInt8]) throws -> RestoredRecord {
    let certificate = try Reader.whole(payload) { (reader) throws(CodecError) in try Certificate(from: &reader) }
    var record = RestoredRecord(kind: .certificate)
    if case .finalize(let proposal, _) = certificate.statement {
      // The chain index wants the block's own finalization, whether or not it is the newest, and whether or not the
      // block is here yet. That of a committed block is not wanted any more.
      record.block = proposal.block
      record.height = chain.tree[proposal.block]?.block.header.height ?? .genesis
      record.final = below?.finalize(proposal.block) ?? []
      if certificate.view > finalization?.view ?? .genesis {
        finalization = certificate
        unmetFinalization = certificate
        ownVotes.removeAll { $0.view <= certificate.view }
        certificates.removeAll { $0.view <= certificate.view }
        if below?.knows(proposal.block) ?? false { meet(proposal.block) }
      } else if chain.tree[proposal.block] != nil {
        // An older one, fetched while catching up: it commits its part of the chain.
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

  private mutating func applyBar(_ payload: [UInt8]) throws -> RestoredRecord {
    votingBar = View(try Reader.whole(payload) { (reader) throws(CodecError) in try reader.integer(UInt64.self) })
    areVotesLost = false
    return RestoredRecord(kind: .votingBar)
  }

  private mutating func applyBase(_ payload: [UInt8]) throws -> RestoredRecord {
    var reader = Reader(payload.span.bytes)
    let proof = try CertifiedBlock(from: &reader, chain: chainContext)
    try reader.end()
    let block = FinalBlock(digest: proof.header.digest(chainContext, hash: &hash), height: proof.height)
    guard block.height <= chain.committed.height else {
      throw RestorationError.Cause.snapshotMissing(block.height, own: chain.committed.height)
    }
    below?.jump(to: block)
    early = [:]
    var record = RestoredRecord(kind: .base, block: block.digest, height: block.height)
    record.base = block.height
    return record
  }

  private mutating func applyVoid(_ payload: [UInt8]) throws -> RestoredRecord {
    let raw = payload.first ?? 0
    guard let meaning = VoidMeaning(rawValue: raw) else {
      throw CodecError.unknown(field: "meaning of a void record", value: UInt64(raw))
    }
    // The first record of a log said how it began.
    if origin == nil { origin = .joined }
    if meaning == .votesLost {
      areVotesLost = true
      wereVotesLost = true
    }
    return RestoredRecord(kind: .void)
  }

  /// After the last record: what is final because the snapshot's block is, or the height above which the log goes
  /// on from here because it does not reach up to that block.
  package mutating func finish() -> RestorationEnd {
    if let proof, proof.certificate.view > finalization?.view ?? .genesis {
      let certificate = proof.certificate
      finalization = certificate
      unmetFinalization = certificate.statement.proposal?.block == chain.committed.block ? nil : certificate
      ownVotes.removeAll { $0.view <= certificate.view }
      certificates.removeAll { $0.view <= certificate.view }
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

  /// Commits what a finalization covers, once all of it, executions included, was in the log.
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
    return changes.commits
  }

  // MARK: What the replica starts from

  package var committed: ChainPoint { chain.committed }

  /// Own votes and certificates above the newest finalization.
  package var consensusMemory: RestoredConsensus {
    RestoredConsensus(
      finalization: finalization, ownVotes: ownVotes.map(\.vote), certificates: certificates,
      directoryLost: origin != .founded || wereVotesLost || isNobodys)
  }

  /// Statements to load the signer's guard with, and the view up to which nothing may be signed any more.
  package var signedStatements: [Statement] { ownVotes.map(\.vote.statement) }
  package var closedView: View { max(finalization?.view ?? .genesis, votingBar ?? .genesis) }

  /// What the signer's guard must know.
  package func voteGuard(epoch: Epoch) -> VoteGuard {
    var memory = VoteGuard(epoch: epoch)
    memory.raiseFloor(to: Round(epoch: epoch, view: closedView))
    for statement in signedStatements { memory.remember(statement) }
    return memory
  }

  /// Checks that what the log says of its owner was said by this validator. Own votes carry its signature; the other
  /// own records are bound to the segment headers, which name its key (`LogOwner`). To be called after `finish`.
  ///
  /// A log that names nobody, as older versions wrote it, and that holds no own vote may be anybody's: its node listens
  /// as one whose log was lost (Documentation/protocol.md, R30).
  /// - Parameter isNamed: whether the log names its writer, which its opening compared.
  /// - Parameter holds: whether a signature is sound.
  package mutating func requireOwn(
    by own: ValidatorIndex, isNamed: Bool, holds: (VerificationItem) -> Bool
  ) throws(RestorationError) {
    let key = validators[Int(own.rawValue)].voteKey
    let votes = ownVotes + (ownVotes.isEmpty ? [lastVote].compactMap(\.self) : [])
    for vote in votes {
      let item = VerificationItem(
        message: vote.vote.statement.signedBytes(chainContext), key: key, signature: vote.vote.signature)
      guard vote.vote.signer == own, holds(item) else {
        let signer = Int(vote.vote.signer.rawValue)
        let found = validators.indices.contains(signer) ? validators[signer].voteKey : nil
        throw RestorationError(position: vote.position, cause: .foreignVote(own: key, found: found))
      }
    }
    isNobodys = votes.isEmpty && !isNamed
  }

  package var mustListen: Bool { areVotesLost || isNobodys || (origin != .founded && votingBar == nil) }

  /// What must be kept of the log up to here when the blocks up to `height` leave it.
  package func base(at height: Height) -> LogBase {
    LogBase(height: height, origin: origin ?? .joined, votingBar: votingBar, areVotesLost: areVotesLost)
  }

  /// The view of the newest finalization.
  package var finalizedView: View { finalization?.view ?? .genesis }

  consuming func intoChain() -> Chain { chain }

  /// The state after `committed`.
  package consuming func intoLedger() -> LedgerState { chain.takeLedger() }
}

/// An own vote as the log holds it.
private struct OwnVote {
  var vote: Vote
  var position: LogPosition
  var view: View { vote.statement.view }
}

/// What one record was about, for the chain index, and what became final with it.
package struct RestoredRecord: Sendable {
  package var kind: RecordKind
  package var block: Digest?
  package var height: Height = .genesis
  /// Blocks that were executed again.
  package var commits: [Commit] = []
  /// All blocks that became final with it, in order; also those below a snapshot, which were not executed.
  package var final: [FinalBlock] = []
  /// The log goes on above this height, whatever it held before.
  package var base: Height?
}

/// How the log ends for whoever began with a snapshot.
package struct RestorationEnd: Sendable {
  /// Blocks that are final because the snapshot's block is.
  package var final: [FinalBlock] = []
  /// Set if the log does not reach up to the snapshot: it goes on above that, and this is to be recorded in it.
  package var base: CertifiedBlock?
}

/// A log that cannot be what this node wrote for this chain.
package struct RestorationError: Error, Equatable, Sendable {
  package enum Cause: Error, Equatable, Sendable {
    case unknownKind(UInt8)
    case malformed(RecordKind, String)
    case missingOrigin
    case misplacedOrigin
    /// An own vote that was not signed with the own key, and the key of the validator that it names.
    case foreignVote(own: PublicKey, found: PublicKey?)
    case blockDoesNotApply(Height, String)
    case resultDiffers(Height, own: Digest, certified: Digest)
    /// The log goes on above a height whose state must come from a snapshot.
    case snapshotMissing(Height, own: Height)
  }

  package var position: LogPosition
  package var cause: Cause
}

extension RestorationError: ExplainedError {
  package var code: String {
    switch cause {
    case .unknownKind: "log.unknown-record"
    case .malformed: "log.malformed-record"
    case .missingOrigin: "log.missing-origin"
    case .misplacedOrigin: "log.misplaced-origin"
    case .foreignVote: "log.wrong-writer"
    case .blockDoesNotApply: "log.block-does-not-apply"
    case .resultDiffers: "log.result-differs"
    case .snapshotMissing: "log.snapshot-missing"
    }
  }

  package var explanation: String {
    let what =
      switch cause {
      case .unknownKind(let kind): "its kind \(kind) is unknown to this version"
      case .malformed(let kind, let text): "it is not a well-formed \(kind) record: \(text)"
      case .missingOrigin: "no record before it says how the log began"
      case .misplacedOrigin: "it says how the log began, but is not the first record"
      case .foreignVote(let own, let found):
        "it is a vote of \(found.map { "the vote key \($0)" } ?? "an unknown validator"), but this node's vote key is \(own)"
      case .blockDoesNotApply(let height, let text): "finalized block \(height) does not apply: \(text)"
      case .resultDiffers(let height, let own, let certified):
        "executing block \(height) gives \(own.short), but \(certified.short) is certified"
      case .snapshotMissing(let height, let own):
        "the log continues above height \(height), but there is no snapshot of that height or a later one; the newest "
          + "state that can be restored is that of height \(own)"
      }
    return "record \(position) of the log cannot be used: \(what)"
  }

  package var nextStep: String {
    "keep the directory and run the version that wrote it, or let the node rebuild from its peers: move the "
      + "log folder away and start again"
  }
}
