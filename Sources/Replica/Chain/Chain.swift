internal import Cryptography
internal import Ledger
internal import Primitives

/// The committed chain's tip, the tree of blocks above it, and the ledger state on one branch of that tree.
///
/// The state is moved along the tree: blocks of a branch that was given up are taken back, blocks of
/// the wanted branch are executed. Committed blocks are never taken back.
struct Chain: ~Copyable {
  /// What moving and committing changed, for the log and the mempool.
  struct Changes {
    var records: [PendingRecord] = []
    /// Ids of the transactions of blocks that were executed, and of blocks that were taken back.
    var included: [Digest] = []
    var excluded: [Digest] = []
    var commits: [Commit] = []
  }

  enum Fault: Error {
    /// A block on the way is not here yet.
    case missing(Digest)
    /// A block does not apply to the state of its parent.
    case invalid(Height, BlockFault)
    /// Executing gave another result than before, or than a quorum certified.
    case resultDiffers(Height, own: Digest, certified: Digest)
    /// The wanted block is not above the committed tip.
    case belowCommitted(Digest)
  }

  private(set) var ledger: LedgerState
  var tree = BlockTree()
  /// Digests of the executed blocks above the committed tip, oldest first.
  private(set) var branch: [Digest] = []
  /// Finalizations known of blocks that are not committed yet.
  private var finalizations: [Digest: Certificate] = [:]
  /// The state after every height that is a multiple of it is pinned for a snapshot, unless one is being copied
  /// still; 0: none.
  var snapshotInterval: UInt64 = 0

  init(ledger: consuming LedgerState) {
    self.ledger = ledger
  }

  /// The committed tip.
  var committed: ChainPoint { ledger.settled }

  /// The digest of the block the state stands on.
  var tip: Digest { branch.last ?? committed.block }

  /// Takes a body into the log if it is not there yet.
  mutating func log(_ digest: Digest, _ changes: inout Changes) {
    guard let node = tree[digest], !node.isLogged else { return }
    tree[digest]?.isLogged = true
    changes.records.append(PendingRecord(BlockEntry(node.block), height: node.block.header.height))
  }

  /// Moves the state to stand on `target`, which is the committed tip or a block of the tree. On a fault the state stands
  /// wherever the walk got to, which is always a valid place.
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
      preconditionFailure("nothing above committed height \(committed.height) to take back")
    }
    ledger.revert()
    changes.excluded.append(contentsOf: node.block.ids)
  }

  /// Executes a block of the tree whose parent the state stands on, and logs body and execution if they are new.
  mutating func execute(_ digest: Digest, _ changes: inout Changes) throws(Fault) {
    guard let node = tree[digest] else { throw .missing(digest) }
    let height = node.block.header.height
    let execution: Execution
    do throws(BlockFault) {
      // On another state than it was judged on, whoever wants that, it is judged again.
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

  /// Remembers a finalization and commits every block up to its own, if all of them are here.
  mutating func commit(_ finalization: Certificate, _ changes: inout Changes) throws(Fault) {
    guard case .finalize(let proposal, let result) = finalization.statement else {
      preconditionFailure("a \(finalization.kind) certificate commits nothing")
    }
    finalizations[proposal.block] = finalization
    guard proposal.block != committed.block else { return }
    if !branch.contains(proposal.block) { try move(to: proposal.block, &changes) }
    guard let node = tree[proposal.block], let execution = node.execution else {
      preconditionFailure("finalized block \(proposal.block.short) is on the branch without an execution")
    }
    guard execution.digest == result else {
      throw .resultDiffers(node.block.header.height, own: execution.digest, certified: result)
    }
    commitBranch(through: proposal.block, &changes)
  }

  /// Commits every block up to `digest`, which a header chain under a certificate vouches for with `result`.
  mutating func commit(_ digest: Digest, result: Digest, _ changes: inout Changes) throws(Fault) {
    guard digest != committed.block else { return }
    if !branch.contains(digest) { try move(to: digest, &changes) }
    guard let node = tree[digest], let execution = node.execution else {
      preconditionFailure("finalized block \(digest.short) is on the branch without an execution")
    }
    guard execution.digest == result else {
      throw .resultDiffers(node.block.header.height, own: execution.digest, certified: result)
    }
    commitBranch(through: digest, &changes)
  }

  private mutating func commitBranch(through last: Digest, _ changes: inout Changes) {
    var height = committed.height
    var count = 0
    for digest in branch {
      count += 1
      guard let node = tree[digest], let execution = node.execution else {
        preconditionFailure("block \(digest.short) of the branch is not in the tree")
      }
      changes.commits.append(
        Commit(block: node.block, execution: execution, finalization: finalizations[digest]))
      height = node.block.header.height
      if digest == last { break }
    }
    branch.removeFirst(count)
    pinIfDue(through: height)
    ledger.settle(upTo: height)
    tree.prune(through: height)
    finalizations = finalizations.filter { tree[$0.key] != nil }
  }

  /// Several heights may be settled at once: the one that is due is settled first.
  private mutating func pinIfDue(through height: Height) {
    guard snapshotInterval > 0, ledger.pinnedPoint == nil else { return }
    let due = height.rawValue / snapshotInterval * snapshotInterval
    guard due > committed.height.rawValue else { return }
    ledger.settle(upTo: Height(due))
    ledger.pin()
  }

  /// Lends the ledger for a look or for copying what is pinned.
  mutating func withLedger<Answer>(_ body: (inout LedgerState) -> Answer) -> Answer { body(&ledger) }

  consuming func takeLedger() -> LedgerState { ledger }

  /// Stands on another state, that of a block far above.
  mutating func replace(ledger other: consuming LedgerState) {
    ledger = other
    branch = []
    tree.prune(through: committed.height)
  }

  /// Whether every block from `digest` down to the committed tip is here with its execution.
  func isExecuted(_ digest: Digest) -> Bool {
    var cursor = digest
    while cursor != committed.block {
      guard let node = tree[cursor], node.execution != nil else { return false }
      cursor = node.block.header.parent
    }
    return true
  }

  func checkInvariants() {
    precondition(ledger.tip.block == tip, "the state stands on \(ledger.tip.block.short), the branch on \(tip.short)")
    for digest in branch { precondition(tree[digest] != nil, "block \(digest.short) of the branch is gone") }
  }
}
