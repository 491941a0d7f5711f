internal import Cryptography
internal import Ledger
internal import Primitives
internal import Replica

/// Watches what becomes final at honest nodes: a single chain for all of them, never reverted, with the outcomes that
/// an independent model of the ledger expects (invariants 4, 5, 9 and 10).
struct ChainOracle {
  private struct Entry {
    var block: Digest
    var result: Digest
  }

  /// `chain[h - 1]` is the block at height h.
  private var chain: [Entry] = []
  private var heights: [Digest: Height] = [:]
  private(set) var model: LedgerModel
  private(set) var transactions = 0
  private(set) var failures = 0
  /// The epoch of the next block.
  private(set) var epoch = Epoch.first
  /// All blocks, for the final audit.
  private(set) var blocks: [Block] = []
  /// What is available in some accounts and held under some references, with which reads are compared.
  struct Reads {
    var available: [LedgerModel.Holding: UInt128] = [:]
    /// Nil for a hold that is not open.
    var holds: [LedgerModel.HoldKey: Hold?] = [:]
  }

  /// What is true after each of the newest heights.
  private(set) var reads: [Height: Reads] = [:]
  private static let rememberedReads: UInt64 = 256
  /// How often validators came, went, and changed their keys, how many epochs began, and what became of holds.
  private(set) var changes: [String: Int] = [:]
  private(set) var fewestValidators: Int
  private(set) var mostValidators: Int
  private let genesisBlock: Digest
  private let suite: Suite
  private let genesisResult: Digest
  private let genesisTime: Timestamp

  init(genesis: Genesis, model: LedgerModel) {
    self.model = model
    let tip = LedgerState(genesis: genesis).tip
    suite = genesis.suite
    (fewestValidators, mostValidators) = (genesis.validators.count, genesis.validators.count)
    genesisBlock = tip.block
    genesisResult = tip.result
    genesisTime = tip.timestamp
  }

  var height: Height { Height(UInt64(chain.count)) }

  func contains(_ id: Digest) -> Bool { heights[id] != nil }

  func result(at height: Height) -> Digest? {
    let index = Int(height.rawValue) - 1
    return chain.indices.contains(index) ? chain[index].result : nil
  }

  /// Receives a block that has become final at a node. Returns the promise that it breaks.
  mutating func committed(_ commit: Commit, at node: SimulatedNode) -> String? {
    let height = commit.height
    guard height > .genesis, height <= self.height.next ?? height else {
      return "node \(node.number) commits height \(height), but the chain has \(self.height)"
    }
    let index = Int(height.rawValue) - 1
    if index < chain.count {
      guard chain[index].block == commit.block.digest else {
        return "9: node \(node.number) commits block \(commit.block.digest.short) at height \(height), "
          + "another node had \(chain[index].block.short)"
      }
      guard chain[index].result == commit.execution.digest else {
        return "5: node \(node.number) has result \(commit.execution.digest.short) at height \(height), "
          + "another node had \(chain[index].result.short)"
      }
      return nil
    }
    let parent = chain.last?.block ?? genesisBlock
    guard commit.block.header.parent == parent else { return "4: block \(height) does not follow \(parent.short)" }
    guard commit.block.header.parentResult == chain.last?.result ?? genesisResult else {
      return "5: block \(height) names a result of its parent that differs from the others'"
    }
    guard commit.block.header.timestamp > blocks.last?.header.timestamp ?? genesisTime else {
      return "block \(height) is not later than its parent"
    }
    chain.append(Entry(block: commit.block.digest, result: commit.execution.digest))
    blocks.append(commit.block)
    return apply(commit)
  }

  private mutating func apply(_ commit: Commit) -> String? {
    guard commit.execution.outcomes.count == commit.block.count else {
      return
        "block \(commit.height) has \(commit.block.count) transactions and \(commit.execution.outcomes.count) outcomes"
    }
    var touched: Set<LedgerModel.Holding> = []
    var touchedHolds: Set<LedgerModel.HoldKey> = []
    let configuration = model.configurationDigest
    let before = model.configuration.validators
    model.beginBlock(at: commit.block.header.timestamp)
    for index in 0..<commit.block.count {
      let transaction = SignedTransaction(commit.block.transaction(at: index))
      if let before = heights.updateValue(commit.height, forKey: transaction.id) {
        return "10: transaction \(transaction.id.short) is at heights \(before) and \(commit.height)"
      }
      transactions += 1
      let expected = model.apply(transaction)
      let found = commit.execution.outcomes[index]
      if expected != found {
        return "block \(commit.height), transaction \(index): outcome \(found.code.code) at \(found.operation), "
          + "the model says \(expected.code.code) at \(expected.operation)"
      }
      if found.code != .applied { failures += 1 }
      if touched.count < 8 { touched.formUnion(LedgerModel.holdings(of: transaction)) }
      let holds = LedgerModel.holds(of: transaction)
      if !holds.isEmpty { changes["holds: \(found.code.code)", default: 0] += 1 }
      if let kind = LedgerModel.termsKind(of: transaction) {
        changes["\(kind.name): \(found.code.code)", default: 0] += 1
      }
      if touchedHolds.count < 8 { touchedHolds.formUnion(holds) }
    }
    let returned = model.endBlock()
    changes["holds returned", default: 0] += returned.count
    touchedHolds.formUnion(returned.prefix(8))
    if model.configurationDigest != configuration {
      epoch = Epoch(epoch.rawValue + 1)
      noteChanges(since: before)
    }
    let above = EpochReference(epoch: epoch, configuration: model.configurationDigest)
    guard commit.execution.result.above == above else {
      return "block \(commit.height) names another epoch or configuration of the blocks above than epoch \(epoch)"
    }
    guard (commit.closing != nil) == (model.configurationDigest != configuration) else {
      return "block \(commit.height) ends its epoch at one of node and model only"
    }
    if let closing = commit.closing, closing.configuration != model.configuration {
      return "the closing of block \(commit.height) has another configuration than the model"
    }
    reads[commit.height] = read(touched, touchedHolds)
    if commit.height.rawValue > Self.rememberedReads {
      reads[Height(commit.height.rawValue - Self.rememberedReads)] = nil
    }
    return model.imbalance.map { "after height \(commit.height): \($0)" }
  }

  private func read(_ holdings: Set<LedgerModel.Holding>, _ holds: Set<LedgerModel.HoldKey>) -> Reads {
    var reads = Reads()
    for holding in holdings { reads.available[holding] = model.holdings[holding] ?? 0 }
    for key in holds { reads.holds.updateValue(model.holds[key], forKey: key) }
    return reads
  }

  private mutating func noteChanges(since before: [ConfiguredValidator]) {
    let now = model.configuration.validators
    let (oldNames, newNames) = (Set(before.map(\.name)), Set(now.map(\.name)))
    let (oldKeys, newKeys) = (Set(before.map(\.voteKey)), now.filter { oldNames.contains($0.name) }.map(\.voteKey))
    changes["epochs begun", default: 0] += 1
    changes["validators added", default: 0] += newNames.subtracting(oldNames).count
    changes["validators removed", default: 0] += oldNames.subtracting(newNames).count
    changes["vote keys changed", default: 0] += newKeys.count { !oldKeys.contains($0) }
    fewestValidators = min(fewestValidators, now.count)
    mostValidators = max(mostValidators, now.count)
  }

  /// Checks that a snapshot's block and result are those of the chain. Returns the broken promise.
  func check(_ proof: CertifiedBlock) -> String? {
    guard proof.height <= height, proof.height > .genesis else { return nil }
    let entry = chain[Int(proof.height.rawValue) - 1]
    guard proof.result.block == entry.block else {
      return "9: a snapshot of height \(proof.height) is of another block"
    }
    var hash = HashFunction(suite)
    guard proof.result.digest(hash: &hash) == entry.result else {
      return "5: a snapshot of height \(proof.height) has another result"
    }
    return nil
  }

  /// Checks that a block that is final according to a log belongs to the chain. Returns the broken promise.
  func check(_ block: FinalBlock) -> String? {
    guard block.height <= height, block.height > .genesis else { return nil }
    guard chain[Int(block.height.rawValue) - 1].block == block.digest else {
      return "9: its log has block \(block.digest.short) at height \(block.height), others had another"
    }
    return nil
  }

  /// Executes the whole chain again on a new state, and compares every result with the chain and every balance with the
  /// model. Returns the first difference.
  func audit(_ genesis: Genesis) -> String? {
    var state = LedgerState(genesis: genesis)
    for (index, block) in blocks.enumerated() {
      do throws(BlockFault) {
        let execution = try state.execute(block)
        state.settle(upTo: block.height)
        guard execution.resultDigest == chain[index].result else {
          return "5: executing block \(block.height) again gives another result"
        }
      } catch {
        return "executing block \(block.height) again fails: \(error.explanation)"
      }
    }
    return model.difference(from: state)
  }
}
