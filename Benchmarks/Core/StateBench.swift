import Cryptography
import Ledger
import Primitives

/// Runs blocks of transfers through the ledger: decodes them, checks them against the state and executes them. No
/// signatures are verified: that costs more than everything here, and a node does it elsewhere on all cores.
enum StateBench {
  static func single(_ report: Report) throws {
    try run("single transfers", transactions: 10_000, operations: 1, blocks: 20, report)
  }

  static func batch(_ report: Report) throws {
    try run("batches of 1000", transactions: 40, operations: 1000, blocks: 10, report)
  }

  private static let members = 64
  private static let accountsPerMember = 1600

  private static func run(
    _ name: String, transactions: Int, operations: Int, blocks: Int, _ report: Report
  ) throws {
    report.note(
      "\(name): \(blocks) blocks of \(transactions) transactions with \(operations) transfers each, "
        + "\(members * accountsPerMember) accounts of \(members) members")
    let before = Report.residentBytes()
    var world = try PopulatedLedger.populated(members: members, accountsPerMember: accountsPerMember)
    let held = (Report.residentBytes() - before) / (members * accountsPerMember)
    // A later run reuses memory of the first one.
    if operations == 1 { report.note("memory: \(held) bytes per account with a balance, map included") }
    let unread = Report.residentBytes()
    var view = LedgerView(of: world.state)
    let read = (Report.residentBytes() - unread) / (members * accountsPerMember)
    if operations == 1 { report.note("memory: \(read) bytes more for the readers' view of them") }
    var readers = (rows: Cost(), follow: Cost())
    var costs = (decode: Cost(), check: Cost(), apply: Cost(), conclude: Cost())
    var revert = Cost()
    var bytes = 0
    var changed = 0
    for round in 0..<blocks {
      let encoded = try world.block(transactions: transactions, operations: operations).bytes
      bytes += encoded.count
      var block: Block?
      costs.decode += Cost.measure {
        block = try? Block(bytes: encoded, chain: world.state.chain, hash: &world.hash)
      }
      guard let block else { preconditionFailure("the benchmark's own block was refused") }
      var fault: BlockFault?
      costs.check += Cost.measure { fault = world.state.fault(in: block) }
      precondition(fault == nil, "the benchmark's own block has a fault")
      var outcomes: [TransactionOutcome] = []
      costs.apply += Cost.measure { outcomes = world.state.applyTransactions(of: block) }
      precondition(outcomes.allSatisfy(\.isApplied), "the benchmark's own transfers failed")
      var execution: Execution?
      costs.conclude += Cost.measure { execution = world.state.conclude(block, outcomes) }
      if round == 0 {
        revert = Cost.measure { world.state.revert() }
        let again = try world.state.execute(block)
        precondition(again == execution, "a block taken back and executed again gave another result")
      }
      var rows: RowChanges?
      readers.rows += Cost.measure { rows = world.state.rowChanges(ofUnsettled: 0) }
      guard let rows else { preconditionFailure("a block has no rows") }
      readers.follow += Cost.measure { view.apply(rows) }
      world.state.settle(upTo: world.state.tip.height)
      changed += world.state.lastChangeCount
    }
    let total = blocks * transactions * operations
    report.note("\(name): \(bytes / total) bytes of block for a transfer")
    report.line("\(name): decode", total, costs.decode, "transfer")
    report.line("\(name): check against the state", total, costs.check, "transfer")
    report.line("\(name): execute without map", total, costs.apply, "transfer")
    report.line(
      "\(name): decode, check, execute without map", total, costs.decode + costs.check + costs.apply, "transfer")
    report.line("\(name): entries, map and roots", total, costs.conclude, "transfer")
    report.line("\(name): the same, per changed entry", changed, costs.conclude, "entry")
    report.line(
      "\(name): all", total, costs.decode + costs.check + costs.apply + costs.conclude, "transfer")
    report.line("\(name): rows for readers", total, readers.rows, "transfer")
    report.line("\(name): readers follow", total, readers.follow, "transfer")
    report.line("\(name): revert", transactions * operations, revert, "transfer")
    guard operations == 1 else { return }
    let keys = (0..<10_000).map { _ in world.balance() }
    let proving = Cost.measure { for key in keys { _ = world.state.prove(key) } }
    report.line("\(name): prove a balance", keys.count, proving, "proof")
  }
}
