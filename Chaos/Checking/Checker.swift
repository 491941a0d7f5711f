import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// Checks only from outside: through the nodes' answers, an audit of their disks, and the votes in their logs.
struct Checker: Sendable {
  let cluster: ChaosCluster
  let load: Load
  let votes: VoteMonitor
  let changes: SetChangeBook

  /// How long nodes may differ in height after the load has ended.
  static let levelLimit = Duration.seconds(60)

  // MARK: While it runs

  /// Checks that there has been no contradicting answer, that all nodes have the same block at the lowest of their
  /// heights, and that they confirm a sample of the promised transactions.
  func checkpoint(using random: inout SeededGenerator) async throws {
    if let contradiction = load.history.contradictions.first {
      throw ChaosError.broken(.acknowledged, contradiction)
    }
    let heights = await cluster.statuses().compactMap { $0?.height.rawValue }
    if let lowest = heights.min(), heights.count == cluster.nodes.count, lowest > 0 {
      var blocks: Set<ChainCopy.Block> = []
      for node in cluster.nodes {
        guard let view = try await block(lowest, of: node) else { continue }
        blocks.insert(ChainCopy.Block(digest: view.digest, result: view.result.digest, outcomes: view.outcomes))
      }
      guard blocks.count == 1 else {
        throw ChaosError.broken(.oneChain, "at height \(lowest) the nodes have \(blocks.count) different blocks")
      }
    }
    for (id, final) in load.history.promised(8, using: &random) {
      let node = cluster.nodes[Int.random(in: 0..<cluster.nodes.count, using: &random)]
      // Only other nodes know the blocks below a node's first one.
      if node.number != 1, try await isBelowFirst(final.height, of: node) { continue }
      do throws(ClientError) {
        guard let known = Sent.Final(try await node.patient.waitForFinality(id, timeout: .seconds(20))), known == final
        else { throw .notFinal(PendingTransaction(id: id), waited: .zero) }
      } catch {
        // The node may have pruned the block in the meantime.
        if node.number != 1, try await isBelowFirst(final.height, of: node) { continue }
        throw ChaosError.broken(.acknowledged, "\(node.name) no longer says that \(id) is \(final)")
      }
    }
  }

  private func isBelowFirst(_ height: Height, of node: ChaosNode) async throws -> Bool {
    do throws(ClientError) {
      _ = try await node.patient.block(height)
      return false
    } catch {
      return error.isPruned
    }
  }

  /// A block of a node, or nil if the node has pruned it or began with a snapshot above it. Waits for the block, since
  /// a node that catches up reports a height before it has written the blocks up to it.
  private func block(_ height: UInt64, of node: ChaosNode) async throws -> BlockView? {
    let deadline = ContinuousClock.now + Run.progressLimit
    while true {
      do throws(ClientError) {
        return try await node.patient.block(Height(height))
      } catch {
        if error.isPruned { return nil }
        guard error.isNotFound, ContinuousClock.now < deadline else { throw error }
        try await Task.sleep(for: .milliseconds(50))
      }
    }
  }

  // MARK: At the end

  struct Verdict: Codable, Sendable {
    var height: UInt64
    var transactions: Int
    var acknowledged: Int
    var unansweredInChain: Int
    var acceptedAndNeverFinal: Int
    var supply: String
    var votes: VoteMonitor.Figures
    /// How many receipts were verified with the genesis file alone.
    var receipts: Int
  }

  /// Checks the whole chain of every node against the whole history. The load must have ended.
  func finish() async throws -> Verdict {
    let height = try await waitUntilLevel()
    var copies: [ChainCopy] = []
    for node in cluster.nodes { copies.append(try await ChainCopy.read(from: node.patient, to: height)) }
    for (index, copy) in copies.enumerated() {
      let name = cluster.nodes[index].name
      if let id = copy.doubled.first { throw ChaosError.broken(.acknowledged, "\(name) contains \(id) twice") }
      if let height = copy.firstDifference(from: copies[0]) {
        throw ChaosError.broken(.oneChain, "at height \(height), \(name) has a different block from node1")
      }
      guard copy.places == copies[0].places.filter({ $0.value.rawValue >= copy.first }) else {
        throw ChaosError.broken(.oneChain, "the blocks of \(name) contain different transactions from those of node1")
      }
    }
    let model = try await compare(copies)
    try await checkBalances(model)
    let supply = model.supply
    let receipts = ReceiptCheck.choose(
      load.history.all.compactMapValues { $0.final?.height }, around: changes.all.map { Height($0.closing) })
    try await ReceiptCheck(cluster: cluster, copies: copies).verify(receipts)
    try await audit(height, copies[0])
    var verdict = Verdict(
      height: height.rawValue, transactions: copies[0].places.count, acknowledged: load.history.acknowledged,
      unansweredInChain: 0, acceptedAndNeverFinal: 0, supply: "\(supply)", votes: try compareVotes(),
      receipts: receipts.count)
    for (id, sent) in load.history.all where sent.final == nil {
      let isInChain = copies[0].places[id] != nil
      if isInChain { verdict.unansweredInChain += 1 }
      if case .accepted = sent.answer, !isInChain { verdict.acceptedAndNeverFinal += 1 }
    }
    return verdict
  }

  /// Waits until all nodes have the same last block and no transactions are waiting.
  private func waitUntilLevel() async throws -> Height {
    let deadline = ContinuousClock.now + Checker.levelLimit
    var seen = ""
    var before: Digest?
    while ContinuousClock.now < deadline {
      let statuses = await cluster.statuses()
      let tips = Set(statuses.map { $0?.block })
      // Checked twice, because an empty block may follow if it took long to make the last one final.
      if tips.count == 1, let status = statuses[0], statuses.allSatisfy({ $0?.mempool.transactions == 0 }) {
        if status.block == before { return status.height }
        before = status.block
        try await Task.sleep(for: .seconds(2))
        continue
      }
      before = nil
      seen = statuses.map {
        $0.map { "\($0.height) with \($0.mempool.transactions) waiting" } ?? "no answer"
      }.joined(separator: ", ")
      try await Task.sleep(for: .milliseconds(200))
    }
    throw ChaosError.broken(.oneChain, "the nodes do not reach the same height with nothing waiting: \(seen)")
  }

  /// Checks that every promised transaction is in the chain at the reported height, that the nodes confirm this, and
  /// that the chain contains nothing that was not sent.
  private func compare(_ copies: [ChainCopy]) async throws -> BalanceModel {
    let chain = copies[0]
    let all = load.history.all
    for stranger in chain.places.keys where all[stranger] == nil {
      guard try await isOfAdministrators(stranger) else {
        throw ChaosError.broken(.acknowledged, "\(stranger) is in the chain but was never sent")
      }
    }
    for (id, sent) in all {
      guard let final = sent.final else { continue }
      guard let height = chain.places[id] else {
        throw ChaosError.broken(.acknowledged, "\(id) was reported as \(final), but is not in the chain")
      }
      guard height == final.height else {
        throw ChaosError.broken(.acknowledged, "\(id) was reported as \(final), but is in block \(height)")
      }
    }
    // The nodes are queried in turn, one for each transaction: the blocks and their results are already known to be the
    // same on all nodes.
    let ids = chain.places.keys.sorted()
    let cluster = cluster
    let asked = ids.enumerated().map { index, id -> (id: Digest, node: Int) in
      // A node that began with a snapshot does not know the blocks below it.
      let place = index % cluster.nodes.count
      return (id, chain.places[id].map { $0.rawValue >= copies[place].first } ?? true ? place : 0)
    }
    let finals = try await Parallel.map(asked, width: 16) { id, node in
      Sent.Final(try await cluster.nodes[node].patient.waitForFinality(id, timeout: .seconds(20)))
    }
    var model = BalanceModel()
    for (index, id) in ids.enumerated() {
      let node = cluster.nodes[asked[index].node].name
      guard let found = finals[index], found.height == chain.places[id] else {
        throw ChaosError.broken(.acknowledged, "\(node) does not know \(id), which is in its chain")
      }
      guard let sent = all[id] else { continue }
      if let final = sent.final, final != found {
        throw ChaosError.broken(.acknowledged, "\(node) reports \(found) for \(id), which was reported as \(final)")
      }
      if found.isApplied { model.apply(sent.effect) }
    }
    return model
  }

  /// Whether a command of the administrators sent a transaction that no client sent: it is about nodes and validators.
  private func isOfAdministrators(_ id: Digest) async throws -> Bool {
    let transaction = try await cluster.nodes[0].patient.transaction(id)
    return transaction.signatures.allSatisfy { $0.member == load.work.registry.member }
      && transaction.operations.allSatisfy {
        switch $0.operation {
        case .directorySet, .directoryRemove, .validatorAdd, .validatorRemove, .validatorUpdate: true
        default: false
        }
      }
  }

  /// Checks that every node has the balances and the supply that result from the applied transactions.
  private func checkBalances(_ model: BalanceModel) async throws {
    for node in cluster.nodes {
      let supply = try await node.patient.asset(load.work.asset).supplyUnits.rawValue
      guard Int128(supply) == model.supply else {
        throw ChaosError.broken(
          .supply, "\(node.name) has a supply of \(supply); the applied transactions give \(model.supply)")
      }
      var sum: Int128 = 0
      var after: String?
      repeat {
        let page = try await node.patient.accounts(after: after, limit: 100)
        for account in page.items {
          let balance = account.balances.first { $0.asset == load.work.asset }.map { Int128($0.units.rawValue) } ?? 0
          sum += balance
          let expected = model.balances[account.owner] ?? 0
          guard balance == expected else {
            throw ChaosError.broken(
              .supply, "\(node.name): \(account.account) holds \(balance); the applied transactions give \(expected)")
          }
        }
        after = page.next
      } while after != nil
      guard sum == model.supply else {
        throw ChaosError.broken(.supply, "\(node.name): balances add up to \(sum), but the supply is \(model.supply)")
      }
    }
  }

  /// Checks that no validator contradicted itself in any log, including those that were lost during the run.
  private func compareVotes() throws -> VoteMonitor.Figures {
    for node in cluster.nodes { try votes.read(node.logFolder, of: node.name) }
    return try votes.verdict()
  }

  /// Stops the nodes, audits each directory, and compares the results.
  private func audit(_ height: Height, _ chain: ChainCopy) async throws {
    for node in cluster.nodes { try await node.stop() }
    var roots: Set<Digest> = []
    for node in cluster.nodes {
      let answer = try await DiskAudit.answer(of: node, roadbed: cluster.roadbed)
      let transactions = chain.places.values.count { $0 > answer.beginsAt }
      guard answer.height == height, answer.transactions == transactions else {
        throw ChaosError.broken(
          .audit,
          "on disk, \(node.name) has \(answer.transactions) transactions up to height \(answer.height); it reported "
            + "\(transactions) up to \(height)")
      }
      roots.insert(answer.stateRoot)
    }
    guard roots.count == 1 else {
      throw ChaosError.broken(.audit, "the directories lead to \(roots.count) different states")
    }
  }
}
