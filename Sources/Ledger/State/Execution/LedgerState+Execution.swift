internal import Cryptography
public import Primitives

extension LedgerState {
  /// Executes the block that follows the tip, moves the tip to it, and keeps what is needed to revert it.
  ///
  /// Throws and changes nothing if `fault(in:)` finds a fault. Each transaction is applied completely or not at all,
  /// as its outcome says. No content of a block can stop the machine.
  public mutating func execute(_ block: Block) throws(BlockFault) -> Execution {
    if let fault = fault(in: block) { throw fault }
    return execute(faultless: block)
  }

  /// Executes a block in which `fault(in:)` has found nothing on exactly this state, so that it is not checked twice.
  package mutating func execute(faultless block: Block) -> Execution {
    precondition(
      block.header.parent == tip.block,
      "block \(block.height) was checked on a state other than that of \(tip.height)")
    let outcomes = applyTransactions(of: block)
    return conclude(block, outcomes)
  }

  /// The first half of executing a faultless block: the tables. `conclude` must follow. Separate only for benchmarks.
  package mutating func applyTransactions(of block: Block) -> [TransactionOutcome] {
    begin(at: block.header.timestamp)
    var outcomes: [TransactionOutcome] = []
    outcomes.reserveCapacity(block.count)
    for index in 0..<block.count { outcomes.append(apply(block.transaction(at: index))) }
    returnExpiredHolds()
    identities.remember(block.layouts, height: block.height.rawValue)
    identities.forget(
      before: block.header.timestamp, count: 4 * block.count + Limits.forgottenIdentitiesPerBlock)
    return outcomes
  }

  /// Notes what operations may ask about the block that is to be executed above the tip.
  mutating func begin(at time: Timestamp) {
    blockTime = time
    epochConfiguration = configuration
    configurationDigest = tip.above.configuration
    foundPins = nil
    admissions.beginBlock()
    holdNumber = HoldNumber(height: tip.height.next ?? tip.height, operation: 0)
  }

  /// The second half of executing a block: the map, the roots and the new tip.
  package mutating func conclude(_ block: Block, _ outcomes: [TransactionOutcome]) -> Execution {
    collectChanges(.open)
    map.update(changes, hash: &hash)
    noteLeaves()
    parents.append(tip)
    let above = epochAbove()
    perform(.endBlock)
    let result = BlockResult(
      height: block.height, block: block.digest, stateRoot: map.root,
      outcomeRoot: OutcomeTree.root(of: block, outcomes: outcomes, hash: &hash), above: above)
    tip = ChainPoint(
      height: block.height, block: block.digest, result: result.digest(hash: &hash),
      timestamp: block.header.timestamp, stateRoot: map.root, above: above)
    return Execution(result: result, resultDigest: tip.result, outcomes: outcomes)
  }

  /// The epoch of the blocks above the open one. If the block leaves another configuration than it found, it is the last of
  /// its epoch, however often it changed it; what it changed back does not count.
  private mutating func epochAbove() -> EpochReference {
    guard !configurationTable.versions(of: .open).isEmpty else { return tip.above }
    let digest = presentConfiguration()
    guard digest != tip.above.configuration else { return tip.above }
    return EpochReference(epoch: Epoch(tip.above.epoch.rawValue + 1), configuration: digest)
  }

  private mutating func apply(_ transaction: borrowing TransactionView) -> TransactionOutcome {
    perform(.beginTransaction)
    foundConfiguration = nil
    signers.weigh(transaction.signatures, members)
    var cursor = transaction.operations
    let buffer = cursor.buffer
    let first = holdNumber.operation
    defer { holdNumber.operation = first + UInt32(transaction.layout.operationCount) }
    var index: UInt32 = 0
    while let operation = cursor.next() {
      let code = operation.apply(to: &self, buffer)
      guard code == .applied else {
        perform(.rollBack)
        if let foundConfiguration { configurationDigest = foundConfiguration }
        return TransactionOutcome(code: code, operation: index)
      }
      // Changes of keys, roles or membership take effect for the operations that follow.
      if operation.changesAuthority { signers.weigh(transaction.signatures, members) }
      index += 1
      holdNumber.operation += 1
    }
    return .applied
  }

  /// Reverts the tip block. Everything is as it was before the block, including the root.
  ///
  /// The tip must not be settled.
  public mutating func revert() {
    guard let parent = parents.popLast() else {
      preconditionFailure("block \(tip.height) cannot be reverted: it is settled")
    }
    collectChanges(.newest)
    map.update(changes, hash: &hash)
    precondition(
      map.root == parent.stateRoot,
      "reverting block \(tip.height) gave state root \(map.root) instead of \(parent.stateRoot)")
    perform(.revertBlock)
    derived.expiries.tidy(holds.rows)
    // For the rows as they are after the revert.
    noteLeaves()
    tip = parent
  }

  /// Drops what is needed to revert the blocks up to `height`, which are final. Ignores heights that are settled
  /// already.
  ///
  /// `height` must not be above the tip.
  public mutating func settle(upTo height: Height) {
    guard height > settled.height else { return }
    precondition(height <= tip.height, "height \(height) is settled before it is executed; the tip is \(tip.height)")
    let count = Int(height.rawValue - settled.height.rawValue)
    settled = count < parents.count ? parents[count] : tip
    for index in 0..<count where directory.isChanged(byUnsettled: index) { directoryEdition += 1 }
    parents.removeFirst(count)
    perform(.settle(blocks: count, upTo: height.rawValue))
  }
}
