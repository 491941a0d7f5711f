import Ledger
import Primitives

/// Runs blocks that place holds and blocks that capture them through the ledger, beside blocks of transfers of the same
/// shape, and lets many holds expire at one moment. No signatures are verified, as in `StateBench`.
enum HoldBench {
  static func single(_ report: Report) throws {
    try compare("single holds", transactions: 10_000, operations: 1, rounds: 10, report)
  }

  static func batch(_ report: Report) throws {
    try compare("batches of 1000 holds", transactions: 20, operations: 1000, rounds: 10, report)
  }

  private static let members = 64
  private static let accountsPerMember = 1600

  private static func compare(
    _ name: String, transactions: Int, operations: Int, rounds: Int, _ report: Report
  ) throws {
    report.note(
      "\(name): \(rounds) rounds of three blocks of \(transactions) transactions with \(operations) operations each: "
        + "transfers, places, captures; \(members * accountsPerMember) accounts of \(members) members")
    var world = try PopulatedLedger.populated(members: members, accountsPerMember: accountsPerMember)
    var costs = (transfer: Cost(), place: Cost(), capture: Cost())
    for _ in 0..<rounds {
      costs.transfer += try run(
        &world, try world.block(transactions: transactions, operations: operations))
      let placed = try world.placing(transactions: transactions, operations: operations, lasting: 86_400_000)
      costs.place += try run(&world, placed.block)
      costs.capture += try run(&world, try world.capturing(placed))
    }
    let total = rounds * transactions * operations
    report.line("\(name): a transfer", total, costs.transfer, "transfer")
    report.line("\(name): a place", total, costs.place, "place")
    report.line("\(name): a capture", total, costs.capture, "capture")
    let ratio =
      2 * costs.transfer.processor.nanoseconds / (costs.place.processor + costs.capture.processor).nanoseconds
    report.note("\(name): places and captures run at \(Int((100 * ratio).rounded())) % of the rate of transfers")
  }

  /// Decodes, checks, executes and settles a block.
  private static func run(_ world: inout PopulatedLedger, _ block: Block) throws -> Cost {
    let encoded = block.bytes
    var outcomes: [TransactionOutcome] = []
    let cost = try Cost.measure {
      let block = try Block(bytes: encoded, chain: world.state.chain, hash: &world.hash)
      outcomes = try world.state.execute(block).outcomes
    }
    precondition(outcomes.allSatisfy(\.isApplied), "the benchmark's own operations failed")
    world.state.settle(upTo: world.state.tip.height)
    return cost
  }

  /// Lets holds expire at one moment and measures the blocks that return them.
  static func expiry(_ report: Report) throws {
    let count = 100_000
    var world = try PopulatedLedger.populated(members: members, accountsPerMember: accountsPerMember)
    // Until all are placed, blocks are five seconds apart.
    for _ in 0..<count / 10_000 {
      let placed = try world.placing(
        transactions: 10, operations: 1000, lasting: 86_400_000 - 5000 * world.state.tip.height.rawValue)
      _ = try run(&world, placed.block)
    }
    var costs: [Cost] = []
    var all = Cost()
    var gap: UInt64 = 86_400_000
    while world.state.nextExpiry != nil {
      let cost = try run(&world, world.empty(after: gap))
      gap = 1
      costs.append(cost)
      all += cost
    }
    let slowest = costs.map(\.processor.nanoseconds).max() ?? 0
    report.note(
      "\(count) holds that expire at one moment return in \(costs.count) blocks, at most "
        + "\(Limits.returnedHoldsPerBlock) in each; the slowest of these took \(Int(slowest / 1000)) microseconds")
    report.line("expired holds: a return", count, all, "return")
  }
}
