import Ledger
import Primitives
import Simulation
import TestHarness
import Testing

@Testing.Suite("The view for readers")
struct LedgerViewTests {
  /// Everything that a view shows, and what it shows when asked in small pages.
  private func contents(_ view: borrowing LedgerView) -> [String] {
    var lines = view.members(limit: 1000).map { "\($0)" }
    for asset in view.assets(limit: 1000) {
      lines.append("\(asset)")
      #expect(view.asset(asset.name) == asset)
    }
    for account in view.accounts(limit: 10_000) {
      lines.append("\(account) \(view.balances(of: account.name, limit: 100))")
      #expect(view.account(account.name) == account)
    }
    for collection in 0..<4 {
      for key in 0..<5 {
        let name = TestChain.collection("c\(collection)")
        guard let latest = view.record(name, key: "k\(key)") else { continue }
        lines.append("\(latest)")
      }
    }
    for node in view.nodes(limit: 1000) {
      lines.append("\(node)")
      #expect(view.node(node.name) == node)
    }
    return lines + ["\(view.parameters)", "\(view.configuration)"]
  }

  @Test(
    "H10: a view that follows what settled blocks changed is a copy of the settled state, whatever was reverted before",
    arguments: [UInt64](1...6))
  func following(seed: UInt64) throws {
    let chain = TestChain()
    var workload = StateWorkloadTests.Workload(
      generator: SeededGenerator(seed: seed), keys: try TestChain.realKeys(24))
    var model = LedgerModel(TestChain.genesis())
    var models: [LedgerModel] = []
    var view = LedgerView(of: chain.state)
    var applied = 0
    var settledEarly = 0
    for _ in 0..<300 {
      let ahead = Int(chain.state.tip.height.rawValue - chain.state.settled.height.rawValue)
      if workload.chance(20), ahead > 0 {
        for _ in 0..<1 + workload.draw(ahead) {
          chain.revert()
          model = models.removeLast()
        }
        continue
      }
      models.append(model)
      var transactions: [SignedTransaction] = []
      for _ in 0..<workload.draw(30) {
        let operations = (0..<1 + workload.draw(workload.chance(80) ? 1 : 4)).map { _ in workload.operation(model) }
        let signers = workload.signers(operations, model)
        guard !signers.isEmpty, signers.count <= Limits.transactionSignatures else { continue }
        transactions.append(try chain.transaction(operations, by: [], keys: signers))
      }
      applied += try chain.execute(transactions).outcomes.count { $0 == .applied }
      model.beginBlock(at: chain.state.tip.timestamp)
      for transaction in transactions { _ = model.apply(transaction) }
      guard workload.chance(40) else { continue }
      let count = workload.draw(Int(chain.state.tip.height.rawValue - chain.state.settled.height.rawValue) + 1)
      if count > 0, chain.state.settled.height.rawValue + UInt64(count) < chain.state.tip.height.rawValue {
        settledEarly += 1
      }
      for index in 0..<count { view.apply(chain.state.rowChanges(ofUnsettled: index)) }
      chain.state.settle(upTo: Height(chain.state.settled.height.rawValue + UInt64(count)))
      let point = view.point
      #expect(point == chain.state.settled)
      #expect(contents(view) == contents(LedgerView(of: chain.state)))
    }
    #expect(view.point.height.rawValue > 50)
    // Otherwise the test would prove little.
    #expect(applied > 100, "\(applied)")
    #expect(settledEarly > 10, "\(settledEarly)")
  }

  @Test("A view from a snapshot ignores the blocks before it, whose changes are still on their way")
  func earlierBlocks() throws {
    let chain = try OperationOutcomeTests.prepared()
    try chain.prepare([TestChain.open("shop/a")], by: TestChain.shop)
    let earlier = chain.state.rowChanges(ofUnsettled: 0)
    chain.state.settle(upTo: chain.state.tip.height)
    var view = LedgerView(of: chain.state)
    let before = contents(view)
    view.apply(earlier)
    let point = view.point
    #expect(point == chain.state.settled)
    #expect(contents(view) == before)
    try chain.prepare([TestChain.open("shop/b")], by: TestChain.shop)
    view.apply(chain.state.rowChanges(ofUnsettled: 0))
    #expect(contents(view).count == before.count + 1)
  }

  @Test("Lists continue after any name, and show the balances above zero in the order of their assets' names")
  func pages() throws {
    let chain = try OperationOutcomeTests.prepared()
    for name in ["zinc", "ash", "mud"] {
      try chain.prepare(
        [
          TestChain.define(name, by: "bank-a"), TestChain.issue(name, "shop", 5), TestChain.issue(name, "shop/till", 1),
        ],
        by: TestChain.bankA)
    }
    try chain.prepare([TestChain.transfer("mud", "shop", "bank-a", 5)], by: TestChain.shop)
    chain.state.settle(upTo: chain.state.tip.height)
    let view = LedgerView(of: chain.state)
    let shop = TestChain.account("shop")
    #expect(view.balances(of: shop, limit: 9).map { "\($0.asset)" } == ["ash", "zinc"])
    #expect(view.balances(of: shop, limit: 1).map { "\($0.asset)" } == ["ash"])
    #expect(
      view.balances(of: TestChain.account("shop/till"), limit: 9).map { "\($0.asset)" } == ["ash", "mud", "zinc"])
    #expect(view.balances(of: TestChain.account("nobody"), limit: 9).isEmpty)
    let all = view.accounts(limit: 100).map(\.name)
    #expect(all == all.sorted())
    for (index, name) in all.enumerated() {
      #expect(view.accounts(after: name, limit: 2).map(\.name) == Array(all.dropFirst(index + 1).prefix(2)))
    }
    let own = view.accounts(of: TestChain.name("shop"), limit: 9).map(\.name)
    #expect(own == [shop, TestChain.account("shop/till")])
    #expect(
      view.accounts(of: TestChain.name("shop"), after: shop, limit: 9).map(\.name) == [TestChain.account("shop/till")])
  }
}
