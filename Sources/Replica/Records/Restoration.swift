package import Consensus
internal import Cryptography
package import Ledger
package import Primitives

/// Rebuilds a replica's state from its log, record by record, in order.
///
/// Blocks are executed again as their finalizations appear, so state, index and memory derive from the log
/// alone. Commits come out in height order, for the index.
package struct Restoration: ~Copyable {
  private let chainContext: ChainContext
  private var chain: Chain
  private var hash: HashFunction
  package let genesisBlock: Digest
  /// Position of the last record taken.
  package private(set) var position = LogPosition.start
  /// Nil for a log that holds nothing: whether this validator voted before is then unknown, so it listens.
  package private(set) var origin: LogOrigin?
  /// Above this view a node that had to listen may vote.
  package private(set) var votingBar: View?
  private var ownVotes: [Vote] = []
  private var certificates: [Certificate] = []
  private var finalization: Certificate?
  /// Finalizations that stand in the log before their blocks, by block: a node that was catching up wrote them.
  private var early: [Digest: Certificate] = [:]
  /// A finalization whose blocks are not all here: the node was catching up when it stopped.
  package private(set) var unmetFinalization: Certificate?

  package init(genesis: Genesis, ledger: consuming LedgerState) {
    chainContext = genesis.chain
    hash = HashFunction(genesis.suite)
    genesisBlock = ledger.tip.block
    chain = Chain(ledger: ledger)
  }

  /// Takes the next record. Returns what became final with it.
  package mutating func take(
    kind rawKind: UInt8, payload: [UInt8], at position: LogPosition
  ) throws(RestorationError) -> RestoredRecord {
    self.position = position
    guard let kind = RecordKind(rawValue: rawKind) else {
      throw RestorationError(position: position, cause: .unknownKind(rawKind))
    }
    guard kind == .origin || origin != nil else {
      throw RestorationError(position: position, cause: .missingOrigin)
    }
    do {
      switch kind {
      case .origin: return try takeOrigin(payload)
      case .block: return try takeBlock(payload)
      case .vote: return try takeVote(payload)
      case .certificate: return try takeCertificate(payload)
      case .verdict: return try takeVerdict(payload)
      case .votingBar: return try takeBar(payload)
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

  private mutating func takeOrigin(_ payload: [UInt8]) throws -> RestoredRecord {
    guard origin == nil else { throw RestorationError.Cause.misplacedOrigin }
    let raw = try Reader.whole(payload) { (reader) throws(CodecError) in try reader.byte() }
    guard let origin = LogOrigin(rawValue: raw) else { throw CodecError.unknown(field: "origin", value: UInt64(raw)) }
    self.origin = origin
    return RestoredRecord(kind: .origin)
  }

  private mutating func takeBlock(_ payload: [UInt8]) throws -> RestoredRecord {
    let block = try Block(bytes: payload, chain: chainContext, hash: &hash)
    if block.header.height > chain.committed.height { chain.tree.insert(block, isLogged: true) }
    return RestoredRecord(kind: .block, block: block.digest, height: block.header.height)
  }

  private mutating func takeVerdict(_ payload: [UInt8]) throws -> RestoredRecord {
    let verdict = try Verdict(payload)
    chain.tree[verdict.result.block]?.verdict = verdict
    var record = RestoredRecord(kind: .verdict, block: verdict.result.block, height: verdict.result.height)
    if let certificate = early.removeValue(forKey: verdict.result.block) {
      record.commits = try commit(certificate)
    }
    record.commits += try settle()
    return record
  }

  private mutating func takeVote(_ payload: [UInt8]) throws -> RestoredRecord {
    ownVotes.append(try Reader.whole(payload) { (reader) throws(CodecError) in try Vote(from: &reader) })
    return RestoredRecord(kind: .vote)
  }

  private mutating func takeCertificate(_ payload: [UInt8]) throws -> RestoredRecord {
    let certificate = try Reader.whole(payload) { (reader) throws(CodecError) in try Certificate(from: &reader) }
    var record = RestoredRecord(kind: .certificate)
    if case .finalize(let proposal, _) = certificate.statement {
      // The chain index wants the block's own finalization, whether or not it is the newest, and whether or not the
      // block is here yet. That of a committed block is not wanted any more.
      record.block = proposal.block
      record.height = chain.tree[proposal.block]?.block.header.height ?? .genesis
      if certificate.view > finalization?.view ?? .genesis {
        finalization = certificate
        unmetFinalization = certificate
        ownVotes.removeAll { $0.statement.view <= certificate.view }
        certificates.removeAll { $0.view <= certificate.view }
      } else if chain.tree[proposal.block] != nil {
        // An older one, fetched while catching up: it commits its part of the chain.
        record.commits = try commit(certificate)
        return record
      } else {
        early[proposal.block] = certificate
        return record
      }
      record.commits = try settle()
    } else {
      certificates.append(certificate)
    }
    return record
  }

  private mutating func takeBar(_ payload: [UInt8]) throws -> RestoredRecord {
    votingBar = View(try Reader.whole(payload) { (reader) throws(CodecError) in try reader.integer(UInt64.self) })
    return RestoredRecord(kind: .votingBar)
  }

  private mutating func settle() throws -> [Commit] {
    guard let target = unmetFinalization else { return [] }
    let commits = try commit(target)
    if chain.committed.block == target.statement.proposal?.block { unmetFinalization = nil }
    return commits
  }

  /// Commits what a finalization covers, once all of it, verdicts included, was in the log.
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
      finalization: finalization, ownVotes: ownVotes, certificates: certificates,
      directoryLost: origin != .founded)
  }

  /// Statements to load the signer's guard with, and the view up to which nothing may be signed any more.
  package var signedStatements: [Statement] { ownVotes.map(\.statement) }
  package var closedView: View { max(finalization?.view ?? .genesis, votingBar ?? .genesis) }

  package var mustListen: Bool { origin != .founded && votingBar == nil }

  consuming func takeChain() -> Chain { chain }
}

/// What one record was about, for the chain index, and what became final with it.
package struct RestoredRecord: Sendable {
  package var kind: RecordKind
  package var block: Digest?
  package var height: Height = .genesis
  package var commits: [Commit] = []
}

/// A log that cannot be what this node wrote for this chain.
package struct RestorationError: Error, Equatable, Sendable {
  package enum Cause: Error, Equatable, Sendable {
    case unknownKind(UInt8)
    case malformed(RecordKind, String)
    case missingOrigin
    case misplacedOrigin
    case blockDoesNotApply(Height, String)
    case resultDiffers(Height, own: Digest, certified: Digest)
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
    case .blockDoesNotApply: "log.block-does-not-apply"
    case .resultDiffers: "log.result-differs"
    }
  }

  package var explanation: String {
    let what =
      switch cause {
      case .unknownKind(let kind): "its kind \(kind) is unknown to this version"
      case .malformed(let kind, let text): "it is no well-formed \(kind) record: \(text)"
      case .missingOrigin: "no record before it says how the log began"
      case .misplacedOrigin: "it says how the log began, but is not its first"
      case .blockDoesNotApply(let height, let text): "finalized block \(height) does not apply: \(text)"
      case .resultDiffers(let height, let own, let certified):
        "executing block \(height) gives \(own.short), certified is \(certified.short)"
      }
    return "record \(position) of the log cannot be used: \(what)"
  }

  package var nextStep: String {
    "keep the directory, start the node with the version that wrote it, or let it rebuild from its peers: move the "
      + "log folder away and start again"
  }
}
