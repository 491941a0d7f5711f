import Ledger
import Primitives
import Simulation
import Testing

/// Compares the movements of random histories with what the model of the ledger says that every account has.
@Testing.Suite("Movements under load")
struct MovementWorkloadTests {
  typealias Amounts = [AccountName: [Name: AccountAmounts]]

  /// A chain with the movements of all accounts and what they have after each block.
  private struct Story {
    var amounts: [Amounts] = [[:]]
    var movements: [AccountName: [Movement]] = [:]
    var kinds: Set<Movement.Kind> = []
  }

  private func amounts(_ model: LedgerModel) -> Amounts {
    var amounts: Amounts = [:]
    for (holding, amount) in model.holdings where amount > 0 {
      amounts[holding.account, default: [:]][holding.asset, default: .none].available = Amount(amount)
    }
    for hold in model.holds.values {
      let before = amounts[hold.from]?[hold.asset]?.held ?? .zero
      amounts[hold.from, default: [:]][hold.asset, default: .none].held = before.adding(hold.amount) ?? .zero
    }
    return amounts
  }

  private func movements(
    of account: AccountName, in block: Block, _ outcomes: [TransactionOutcome], _ returns: [HoldReturn]
  ) -> [Movement] {
    var movements: [Movement] = []
    for index in 0..<block.count where outcomes[index].isApplied {
      let transaction = SignedTransaction(block.transaction(at: index))
      for (number, operation) in transaction.operations.enumerated() {
        let place = MovementPlace(height: block.height, index: index, number: number)
        let returned =
          operation.returnsHold == account ? returns.first { $0.place == place }?.hold.amount : nil
        let movement = Movement(
          of: account, by: operation, at: place, block.header.timestamp, transaction.id, returned: returned)
        if let movement { movements.append(movement) }
      }
    }
    for expiry in returns where expiry.place.index == nil && expiry.hold.from == account {
      movements.append(
        Movement(
          returning: expiry.hold.amount, of: expiry.hold.asset, heldFor: expiry.hold.to, expiry.hold.reference,
          at: expiry.place, block.header.timestamp))
    }
    return movements
  }

  private func story(seed: UInt64) throws -> Story {
    let chain = TestChain()
    var workload = StateWorkloadTests.Workload(
      generator: SeededGenerator(seed: seed), keys: try TestChain.realKeys(24))
    var model = LedgerModel(TestChain.genesis())
    var shelf = DictionaryShelf()
    var story = Story()
    for step in 0..<120 {
      var transactions = step == 0 ? [try StateWorkloadTests.Workload.funding(chain)] : []
      for _ in 0..<workload.draw(12) {
        let operations = (0..<1 + workload.draw(workload.chance(70) ? 2 : 10)).map { _ in
          workload.chance(40) ? workload.holdOperation(model) : workload.operation(model)
        }
        let signers = workload.signers(operations, model)
        guard !signers.isEmpty, signers.count <= Limits.transactionSignatures else { continue }
        transactions.append(try chain.transaction(operations, by: [], keys: signers))
      }
      let outcomes = try chain.execute(transactions).outcomes
      model.beginBlock(at: chain.state.tip.timestamp)
      for (transaction, outcome) in zip(transactions, outcomes) { #expect(model.apply(transaction) == outcome) }
      let ended = model.endBlock()

      let block = try #require(chain.blocks.last)
      let returns = try HoldFollower.follow(block, outcomes, on: &shelf)
      let expired = returns.filter { $0.place.index == nil }.map {
        LedgerModel.HoldKey($0.hold.from, $0.hold.reference)
      }
      #expect(expired == ended)
      #expect(shelf.holds == model.holds)
      for account in model.accounts.keys {
        let movements = movements(of: account, in: block, outcomes, returns)
        story.movements[account, default: []] += movements
        story.kinds.formUnion(movements.map(\.kind))
      }
      story.amounts.append(amounts(model))
    }
    return story
  }

  @Test(
    "Opening and movements of every account give what it has, available and held, after every block",
    arguments: [UInt64](1...6))
  func everyBlock(seed: UInt64) throws {
    let story = try story(seed: seed)
    // A workload without some kind of movement would prove little. Units are seldom retired, but in some of the workloads.
    #expect(story.kinds.union([.retire]) == Set(Movement.Kind.allCases))
    for (account, movements) in story.movements {
      var statement = AccountStatement(account: account, after: .genesis, amounts: [:])
      var left = movements[...]
      for (height, amounts) in story.amounts.enumerated() {
        while let first = left.first, first.place.height.rawValue <= UInt64(height) {
          try statement.add(left.removeFirst())
        }
        try statement.expect(amounts[account] ?? [:], at: Height(UInt64(height)), by: .node)
      }
      #expect(left.isEmpty && statement.count == movements.count)
    }
  }

  @Test("Between any two blocks, movements taken back from the end lead to the opening, and forwards to the end again")
  func anyPeriod() throws {
    let story = try story(seed: 7)
    var generator = SeededGenerator(seed: 7)
    for (account, movements) in story.movements {
      for _ in 0..<5 {
        let first = Int.random(in: 0..<story.amounts.count, using: &generator)
        let last = Int.random(in: first..<story.amounts.count, using: &generator)
        let part = movements.filter {
          $0.place.height.rawValue > UInt64(first) && $0.place.height.rawValue <= UInt64(last)
        }
        var rewind = StatementRewind(from: story.amounts[last][account] ?? [:])
        for movement in part.shuffled(using: &generator) { rewind.takeBack(movement) }
        var statement = AccountStatement(
          account: account, after: Height(UInt64(first)), amounts: rewind.amounts)
        try statement.expect(story.amounts[first][account] ?? [:], at: Height(UInt64(first)), by: .node)
        for movement in part { try statement.add(movement) }
        try statement.expect(story.amounts[last][account] ?? [:], at: Height(UInt64(last)), by: .node)
      }
    }
  }
}
