internal import Cryptography
internal import Ledger
internal import Primitives

/// The committed chain's tip, the tree of blocks above it, and the ledger state on one branch of that tree.
///
/// The state is moved along the tree: blocks of a branch that was given up are reverted, and blocks of the wanted
/// branch are executed. Committed blocks are never reverted.
struct Chain: ~Copyable {
  /// The effects of moving and committing, for the log and the mempool.
  struct Changes {
    var records: [PendingRecord] = []
    /// Ids of the transactions in the blocks that were executed, and in the blocks that were reverted.
    var included: [Digest] = []
    var excluded: [Digest] = []
    var commits: [Commit] = []
  }

  enum Fault: Error {
    /// A block on the path has not arrived yet.
    case missing(Digest)
    /// A block does not apply to the state of its parent.
    case invalid(Height, BlockFault)
    /// Execution gave a result that differs from an earlier one or from the one that a quorum certified.
    case resultDiffers(Height, own: Digest, certified: Digest)
    /// The wanted block is not above the committed tip.
    case belowCommitted(Digest)
  }

  private(set) var ledger: LedgerState
  var tree = BlockTree()
  /// Digests of the executed blocks above the committed tip, oldest first.
  private(set) var branch: [Digest] = []
  /// Known finalizations of blocks that are not committed yet.
  private var finalizations: [Digest: Certificate] = [:]
  /// The closings of the epochs that have ended, as far as they are known here.
  var closings: ClosingBook
  private(set) var schedule: SnapshotSchedule
  /// Whether the state after every height that is due is pinned for a snapshot, unless an earlier one is still being
  /// copied.
  var pinsSnapshots = false
  /// Whether commits come with the rows that their blocks changed.
  var reportsRows = false

  init(
    ledger: consuming LedgerState, schedule: SnapshotSchedule = .never, closings: ClosingBook = ClosingBook()
  ) {
    self.ledger = ledger
    self.schedule = schedule
    self.closings = closings
  }

  /// The committed tip.
  var committed: ChainPoint { ledger.settled }

  /// The digest of the block that the state is the result of.
  var tip: Digest { branch.last ?? committed.block }

  /// Whether a block of this time on the state returns an expired hold.
  func returnsHold(at time: Timestamp) -> Bool { ledger.nextExpiry.map { $0 <= time } ?? false }

  /// When, by this node's clock, the chain must return a hold of the state, even without a transaction; nil if there is no
  /// hold. The clocks of all correct nodes are past its expiry then (R13).
  var returnTime: Timestamp? { ledger.nextExpiry?.advanced(byMilliseconds: Limits.clockDriftMilliseconds) }

  /// Adds a block to the log unless it is already there.
  mutating func log(_ digest: Digest, _ changes: inout Changes) {
    guard let node = tree[digest], !node.isLogged else { return }
    tree[digest]?.isLogged = true
    changes.records.append(PendingRecord(BlockEntry(node.block), height: node.block.header.height))
  }

  /// Moves the state to `target`, which is the committed tip or a block of the tree. If this fails, the state remains
  /// where the move got to, which is always a valid place.
  mutating func move(to target: Digest, _ changes: inout Changes) throws(Fault) {
    guard target != tip else { return }
    var path: [Digest] = []
    var cursor = target
    while cursor != committed.block, !branch.contains(cursor) {
      guard let node = tree[cursor] else { throw .missing(cursor) }
      guard node.block.header.height > committed.height else { throw .belowCommitted(cursor) }
      path.append(cursor)
      cursor = node.block.header.parent
    }
    while tip != cursor { undoLast(&changes) }
    for digest in path.reversed() { try execute(digest, &changes) }
  }

  private mutating func undoLast(_ changes: inout Changes) {
    guard let digest = branch.popLast(), let node = tree[digest] else {
      preconditionFailure("there is no block above committed height \(committed.height) to revert")
    }
    ledger.revert()
    changes.excluded.append(contentsOf: node.block.ids)
  }

  /// Executes a block of the tree on the state, which must be that of its parent, and logs the block and its execution
  /// if they are new.
  mutating func execute(_ digest: Digest, _ changes: inout Changes) throws(Fault) {
    guard let node = tree[digest] else { throw .missing(digest) }
    let height = node.block.header.height
    let execution: Execution
    do throws(BlockFault) {
      // If the state differs from the one on which the block was found valid, for whatever reason, the block is checked
      // again.
      let header = node.block.header
      let isKnown = node.isFaultless && header.parent == ledger.tip.block && header.parentResult == ledger.tip.result
      execution = isKnown ? ledger.execute(faultless: node.block) : try ledger.execute(node.block)
    } catch {
      throw .invalid(height, error)
    }
    branch.append(digest)
    changes.included.append(contentsOf: node.block.ids)
    log(digest, &changes)
    if let known = node.execution {
      guard known.digest == execution.resultDigest else {
        throw .resultDiffers(height, own: execution.resultDigest, certified: known.digest)
      }
      return
    }
    let record = ExecutionRecord(
      result: execution.result, digest: execution.resultDigest, outcomes: execution.outcomes)
    tree[digest]?.execution = record
    changes.records.append(PendingRecord(record, height: height))
  }

  /// Remembers a finalization and commits every block up to and including its own, if all of them are here.
  mutating func commit(_ finalization: Certificate, _ changes: inout Changes) throws(Fault) {
    guard case .finalize(let proposal, let result) = finalization.statement else {
      preconditionFailure("a \(finalization.kind) certificate commits nothing")
    }
    finalizations[proposal.block] = finalization
    guard proposal.block != committed.block else { return }
    if !branch.contains(proposal.block) { try move(to: proposal.block, &changes) }
    guard let node = tree[proposal.block], let execution = node.execution else {
      preconditionFailure("finalized block \(proposal.block.short) is on the branch but has not been executed")
    }
    guard execution.digest == result else {
      throw .resultDiffers(node.block.header.height, own: execution.digest, certified: result)
    }
    try checkClosings(through: proposal.block)
    commitBranch(through: proposal.block, &changes)
  }

  /// Commits every block up to and including `digest`, for whose `result` a header chain under a certificate vouches.
  mutating func commit(_ digest: Digest, result: Digest, _ changes: inout Changes) throws(Fault) {
    guard digest != committed.block else { return }
    if !branch.contains(digest) { try move(to: digest, &changes) }
    guard let node = tree[digest], let execution = node.execution else {
      preconditionFailure("finalized block \(digest.short) is on the branch but has not been executed")
    }
    guard execution.digest == result else {
      throw .resultDiffers(node.block.header.height, own: execution.digest, certified: result)
    }
    try checkClosings(through: digest)
    commitBranch(through: digest, &changes)
  }

  /// Throws if a closing that is known is of another block or result than the branch has (R36).
  private func checkClosings(through last: Digest) throws(Fault) {
    var epoch = committed.above.epoch
    for digest in branch {
      if let execution = tree[digest]?.execution, let above = execution.result.above, above.epoch > epoch {
        if let known = closings[epoch], known.result != execution.result,
          case .finalize(_, let certified) = known.certificate.statement
        {
          throw .resultDiffers(execution.result.height, own: execution.digest, certified: certified)
        }
        epoch = above.epoch
      }
      if digest == last { return }
    }
  }

  private mutating func commitBranch(through last: Digest, _ changes: inout Changes) {
    var height = committed.height
    var count = 0
    var due: Height?
    // A log that lost a part of itself may have several epochs in one branch.
    var epoch = committed.above.epoch
    for digest in branch {
      count += 1
      guard let node = tree[digest], let execution = node.execution else {
        preconditionFailure("block \(digest.short) of the branch is not in the tree")
      }
      changes.commits.append(
        Commit(
          block: node.block, execution: execution, finalization: finalizations[digest],
          closing: noteClosing(node.block.digest, execution, of: &epoch),
          rows: reportsRows ? ledger.rowChanges(ofUnsettled: count - 1) : nil))
      height = node.block.header.height
      if schedule.isDue(height, bytes: node.block.bytes.count) { due = height }
      if digest == last { break }
    }
    branch.removeFirst(count)
    if let due { pin(due) }
    ledger.settle(upTo: height)
    tree.prune(through: height)
    finalizations = finalizations.filter { tree[$0.key] != nil }
  }

  /// The closing of the epoch, which is kept, if a block is its last; otherwise nil. Nothing was built on it in its epoch, so
  /// it is the tip, and a finalization of its own made it final (protocol rule R36). If damage took that from the log, only
  /// a closing that is known from elsewhere will do.
  private mutating func noteClosing(
    _ digest: Digest, _ execution: ExecutionRecord, of epoch: inout Epoch
  ) -> Closing? {
    guard let above = execution.result.above, above.epoch > epoch else { return nil }
    defer { epoch = above.epoch }
    if let known = closings[epoch] { return known }
    guard let certificate = finalizations[digest], ledger.tip.block == digest else { return nil }
    let closing = Closing(result: execution.result, certificate: certificate, configuration: ledger.configuration)
    closings.note(closing)
    return closing
  }

  /// Several heights may be settled in one go, so the height that is due is settled and pinned first.
  private mutating func pin(_ due: Height) {
    guard pinsSnapshots, ledger.pinnedPoint == nil else { return }
    ledger.settle(upTo: due)
    ledger.pin()
  }

  /// Lends the ledger for look-ups or for copying the pinned state.
  mutating func withLedger<Answer>(_ body: (inout LedgerState) -> Answer) -> Answer { body(&ledger) }

  consuming func takeLedger() -> LedgerState { ledger }

  /// Replaces the state with that of a block far above.
  mutating func replace(ledger other: consuming LedgerState) {
    ledger = other
    schedule.jumped()
    branch = []
    tree.prune(through: committed.height)
  }

  /// Whether every block from `digest` down to the committed tip is here and has been executed.
  func isExecuted(_ digest: Digest) -> Bool {
    var cursor = digest
    while cursor != committed.block {
      guard let node = tree[cursor], node.execution != nil else { return false }
      cursor = node.block.header.parent
    }
    return true
  }

  func checkInvariants() {
    precondition(ledger.tip.block == tip, "the state is at \(ledger.tip.block.short), the branch at \(tip.short)")
    for digest in branch { precondition(tree[digest] != nil, "block \(digest.short) of the branch is missing") }
  }
}
