internal import BlockLog
internal import Cryptography
package import Ledger
internal import Primitives
internal import Replica

/// Checks the whole chain in a node's log without changing it, even while the node runs.
///
/// Only genesis is trusted. The audit checks every byte against its checksum, every transaction root, the links from
/// block to block, every transaction signature and every certificate with the validators of its epoch, and executes all blocks again to check every
/// outcome and state root, and at the end every asset's supply against what accounts hold. If the first blocks are missing, the audit begins with a snapshot that a certificate proves.
package struct ChainAudit: ~Copyable {
  private let chain: ChainContext
  /// Nil if signatures are not verified.
  private let signatures: AuditSignatures?
  private var restoration: Restoration
  private var report: AuditReport
  private var hash: HashFunction

  /// Audits the log in `folders`, preceded by the archive if there is one. `progress` is called from time to time with
  /// the number of records checked and the total.
  ///
  /// Throws if there is no readable log, or no state to begin with; faults in the log go into the report.
  /// - Parameter isHashOnly: verifies no signature, neither on transactions nor on certificates.
  package static func run(
    _ folders: HistoryFolders, genesis: Genesis, threads: Int, isHashOnly: Bool = false,
    progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) throws(NodeError) -> AuditReport {
    let options = (threads: threads, isHashOnly: isHashOnly)
    if let archived = try folders.archivedDisk() { return try run(archived, folders, genesis, options, progress) }
    let live = try folders.liveDisk()
    do throws(NodeError) {
      return try run(live, folders, genesis, options, progress)
    } catch {
      // The running node has just pruned its log: retry with what is left.
      guard case .log(.disk(let refusal)) = error, refusal.cause == .missing else { throw error }
      return try run(live, folders, genesis, options, progress)
    }
  }

  private static func run(
    _ storage: some Disk, _ folders: HistoryFolders, _ genesis: Genesis, _ options: (threads: Int, isHashOnly: Bool),
    _ progress: (Int, Int) -> Void
  ) throws(NodeError) -> AuditReport {
    let begun = Clock.tick()
    let log = try OfflineReplay(storage, in: folders, from: .oldest, genesis: genesis, threads: options.threads)
    let (inspection, records) = (log.inspection, log.records)
    var report = AuditReport(beginsAt: log.point.height, block: log.point.block, stateRoot: log.point.stateRoot)
    report.writer = log.inspection.writer
    report.unusableSnapshots = log.unusable.compactMap(\.fault)
    report.isHashOnly = options.isHashOnly
    var audit = ChainAudit(
      genesis, log.restoration, report,
      options.isHashOnly ? nil : AuditSignatures(genesis.chain, threads: options.threads))
    do throws(LogError) {
      try audit.read(inspection, records, progress)
    } catch {
      audit.signatures?.stop()
      throw .log(error)
    }
    report = audit.finish()
    report.seconds = Double(Clock.tick().microseconds(since: begun)) / 1e6
    return report
  }

  private init(
    _ genesis: Genesis, _ restoration: consuming Restoration, _ report: AuditReport, _ signatures: AuditSignatures?
  ) {
    chain = genesis.chain
    self.restoration = restoration
    self.report = report
    self.signatures = signatures
    hash = HashFunction(genesis.suite)
  }

  private mutating func read<Storage: Disk>(
    _ inspection: LogReader<Storage>.Inspection, _ records: LogCursor<Storage>, _ progress: (Int, Int) -> Void
  ) throws(LogError) {
    var cursor = records
    report.bytes = inspection.payloadBytes
    var damage: AuditFault?
    switch inspection.outcome {
    case .clean, .unclosed: break
    case .torn: report.isOpenEnded = true
    case .damaged(let found): damage = AuditFault(found)
    }
    while let record = try cursor.next() {
      report.records += 1
      do throws(AuditFault) {
        try take(record)
      } catch {
        report.firstFault = error
        return
      }
      // Signature faults found so far are at or before this record, so reading on could not find an earlier fault.
      if signatures?.hasFault ?? false { return }
      if report.records.isMultiple(of: 1024) { progress(report.records, inspection.records) }
    }
    report.firstFault = damage
  }

  private mutating func take(_ record: LogRecord) throws(AuditFault) {
    switch LogEntryKind(rawValue: record.kind) {
    case .certificate: try check(certificate: record)
    case .base: try check(base: record)
    case .void: report.voids += 1
    default: break
    }
    let restored: RestoredRecord
    do throws(RestorationError) {
      restored = try restoration.apply(kind: record.kind, payload: record.payload, at: record.position)
    } catch {
      throw AuditFault(error, at: record.position, height: record.height)
    }
    for commit in restored.commits {
      try check(commit, record)
      report.height = commit.height
      report.block = commit.block.digest
      report.stateRoot = commit.execution.result.stateRoot
      report.transactions += commit.block.count
      report.operations += commit.block.operationCount
    }
  }

  private mutating func check(certificate record: LogRecord) throws(AuditFault) {
    let certificate: Certificate
    do throws(CodecError) {
      certificate = try Certificate(payload: record.payload)
    } catch {
      throw AuditFault(error, at: record.position, height: record.height)
    }
    let validators = try validators(of: certificate, record)
    guard certificate.hasQuorum(of: validators) else {
      throw AuditFault(
        code: "audit.certificate-quorum",
        explanation: "the certificate of view \(certificate.view) has \(certificate.signers.count) signers; exactly "
          + "\(validators.quorum.size) of the \(validators.count) validators must sign",
        position: record.position, height: record.height)
    }
    report.certificates += 1
    guard let signatures else { return }
    report.signatures += certificate.signatures.count
    signatures.check(certificate, of: validators, position: record.position, height: record.height)
  }

  private func validators(of certificate: Certificate, _ record: LogRecord) throws(AuditFault) -> ValidatorSet {
    let round = certificate.round
    guard let validators = restoration.validators(of: round.epoch) else {
      throw AuditFault(
        code: "audit.certificate-quorum",
        explanation: "the certificate of \(round) cannot be checked: the validators of that epoch are not known",
        position: record.position, height: record.height)
    }
    return validators
  }

  /// Checks the proof, including all signatures, of the block above which the log continues.
  private mutating func check(base record: LogRecord) throws(AuditFault) {
    do throws(ReceiptError) {
      let proof = try BaseEntry(payload: record.payload).proof(chain)
      let epoch = proof.certificate.statement.epoch
      guard let validators = restoration.validators(of: epoch) else { throw .unknownEpoch(epoch) }
      if signatures == nil {
        try proof.verifyDescent(chain, hash: &hash)
      } else {
        try proof.verify(chain, validators: validators)
      }
    } catch {
      throw AuditFault(
        code: "audit.base-not-certified",
        explanation: "nothing proves block \(record.height), above which the log continues: \(error.explanation)",
        position: record.position, height: record.height)
    }
  }

  /// Checks that the log's execution record of a final block agrees with the certified result. The restoration has
  /// already executed the block again and compared the result.
  private mutating func check(_ commit: Commit, _ record: LogRecord) throws(AuditFault) {
    let execution = commit.execution
    guard execution.outcomes.count == commit.block.count,
      OutcomeTree.root(of: commit.block, outcomes: execution.outcomes, hash: &hash) == execution.result.outcomeRoot,
      execution.result.digest(hash: &hash) == execution.digest
    else {
      throw AuditFault(
        code: "audit.outcomes-differ",
        explanation: "the outcomes in the log for block \(commit.height) are not those of its certified result",
        position: record.position, height: commit.height)
    }
    guard let signatures else { return }
    for layout in commit.block.layouts { report.signatures += layout.verificationCount }
    signatures.check(commit.block, position: record.position)
  }

  private consuming func finish() -> AuditReport {
    signatures?.stop()
    var report = report
    // If the log ends below the snapshot, none of its blocks were executed.
    let end = restoration.finish()
    if report.firstFault == nil, let wrong = restoration.withLedger({ $0.supplyDifference() }) {
      report.firstFault = AuditFault(
        code: "audit.supply-differs",
        explanation: "the supply of \(wrong.asset) is \(wrong.supply) units, but accounts hold "
          + "\(wrong.held.map { "\($0)" } ?? "2^128 or more")",
        position: LogPosition(UInt64(report.records)), height: report.height)
    }
    if let fault = signatures?.firstFault, fault.position <= report.firstFault?.position ?? fault.position {
      report.firstFault = fault
    }
    report.isIncomplete = restoration.unmetFinalization != nil || end.base != nil
    return report
  }
}
