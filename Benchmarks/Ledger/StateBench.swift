import Cryptography
import Ledger
import Primitives

/// Blocks of transfers through the ledger: decoded from bytes, checked against the state, executed. No signature is
/// checked; they cost more than everything here and are checked elsewhere, on all cores.
enum StateBench {
  static func single() { run("single transfers", transactions: 10_000, operations: 1, blocks: 20) }
  static func batch() { run("batches of 1000", transactions: 40, operations: 1000, blocks: 10) }

  private static let members = 64
  private static let accountsPerMember = 1600

  private static func run(_ name: String, transactions: Int, operations: Int, blocks: Int) {
    Report.note(
      "\(name): \(blocks) blocks of \(transactions) transactions with \(operations) transfers each, "
        + "\(members * accountsPerMember) accounts of \(members) members")
    do {
      let before = Report.residentBytes()
      var world = try World.populated(members: members, accountsPerMember: accountsPerMember)
      let held = (Report.residentBytes() - before) / (members * accountsPerMember)
      // A later section lives in the memory of the first one.
      if operations == 1 { Report.note("memory: \(held) bytes per account with a balance, map included") }
      var times = (decode: Duration.zero, check: Duration.zero, apply: Duration.zero, conclude: Duration.zero)
      var revert = Duration.zero
      var bytes = 0
      var changed = 0
      for round in 0..<blocks {
        let encoded = try world.block(transactions: transactions, operations: operations).bytes
        bytes += encoded.count
        var block: Block?
        times.decode += Report.measure {
          block = try? Block(bytes: encoded, chain: world.state.chain, hash: &world.hash)
        }
        guard let block else { preconditionFailure("the benchmark's own block was refused") }
        var fault: BlockFault?
        times.check += Report.measure { fault = world.state.fault(in: block) }
        precondition(fault == nil, "the benchmark's own block has a fault")
        var outcomes: [TransactionOutcome] = []
        times.apply += Report.measure { outcomes = world.state.applyTransactions(of: block) }
        precondition(outcomes.allSatisfy(\.isApplied), "the benchmark's own transfers failed")
        var execution: Execution?
        times.conclude += Report.measure { execution = world.state.conclude(block, outcomes) }
        if round == 0 {
          revert = Report.measure { world.state.revert() }
          let again = try world.state.execute(block)
          precondition(again == execution, "a block taken back and executed again gave another result")
        }
        world.state.settle(upTo: world.state.tip.height)
        changed += world.state.lastChangeCount
      }
      let total = blocks * transactions * operations
      Report.line("\(name): decode (\(bytes / total) bytes each)", total, times.decode, "transfer")
      Report.line("\(name): check against the state", total, times.check, "transfer")
      Report.line("\(name): execute without map", total, times.apply, "transfer")
      Report.line(
        "\(name): decode, check, execute without map", total, times.decode + times.check + times.apply, "transfer")
      Report.line("\(name): entries, map and roots", total, times.conclude, "transfer")
      Report.line("\(name): the same, per changed entry", changed, times.conclude, "entry")
      Report.line(
        "\(name): all", total, times.decode + times.check + times.apply + times.conclude, "transfer")
      Report.line("\(name): revert", transactions * operations, revert, "transfer")
    } catch {
      preconditionFailure("the benchmark cannot build its blocks: \(error)")
    }
  }
}
