import Primitives
import Simulation
import TestHarness
import Testing

@testable import Ledger

@Testing.Suite("The view for readers")
struct LedgerViewTests {
  /// Everything that a view shows, and what it shows when asked in small pages.
  private func contents(_ view: borrowing LedgerView) -> [String] {
    var lines = view.members(limit: 1000).map { "\($0)" }
    for asset in view.assets(limit: 1000) {
      lines.append("\(asset)")
      #expect(view.asset(asset.name) == asset)
      lines.append("\(String(describing: view.terms(ofAsset: asset.name)))")
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
    return lines + holds(view) + ["\(view.parameters)", "\(view.configuration)"]
  }

  /// All lists of holds, and what is held, which must agree with each other.
  private func holds(_ view: borrowing LedgerView) -> [String] {
    let all = pages(view, .all, limit: 7)
    #expect(all == view.holds(.all, after: nil, limit: .max))
    #expect(all.map(HoldPosition.init) == all.map(HoldPosition.init).sorted())
    var (sent, received) = (0, 0)
    var lines: [String] = []
    for account in view.accounts(limit: 10_000).map(\.name) {
      let (from, to) = (pages(view, .from(account), limit: 3), pages(view, .to(account), limit: 3))
      #expect(from == all.filter { $0.from == account })
      #expect(to == all.filter { $0.to == account })
      sent += from.count
      received += to.count
      let held = view.held(from: account, limit: .max)
      var sums: [Name: UInt128] = [:]
      for hold in from {
        sums[hold.asset, default: 0] += hold.amount.rawValue
        #expect(view.hold(account, hold.reference) == hold)
      }
      #expect(held == sums.sorted { $0.key < $1.key }.map { Balance(asset: $0.key, amount: Amount($0.value)) })
      if !held.isEmpty { lines.append("\(account) holds \(held)") }
    }
    #expect(sent == all.count && received == all.count)
    return lines + all.map { "\($0)" }
  }

  /// A list that was read page by page.
  private func pages(_ view: borrowing LedgerView, _ list: HoldList, limit: Int) -> [Hold] {
    var found: [Hold] = []
    while true {
      let page = view.holds(list, after: found.last.map(HoldPosition.init), limit: limit)
      found += page
      if page.count < limit { return found }
    }
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
    var slots = 0
    var numbers: Set<HoldNumber> = []
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
      var transactions =
        chain.state.tip.height == .genesis ? [try StateWorkloadTests.Workload.funding(chain)] : []
      for _ in 0..<workload.draw(30) {
        let operations = (0..<1 + workload.draw(workload.chance(80) ? 1 : 4)).map { _ in workload.operation(model) }
        let signers = workload.signers(operations, model)
        guard !signers.isEmpty, signers.count <= Limits.transactionSignatures else { continue }
        transactions.append(try chain.transaction(operations, by: [], keys: signers))
      }
      applied += try chain.execute(transactions).outcomes.count { $0 == .applied }
      slots = max(slots, chain.state.slotCount(of: .hold))
      model.beginBlock(at: chain.state.tip.timestamp)
      for transaction in transactions { _ = model.apply(transaction) }
      model.endBlock()
      numbers.formUnion(model.holds.values.map(\.placed))
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
    #expect(numbers.count > slots && slots > 0, "\(numbers.count) holds in \(slots) slots")
  }

  @Test("What is held is right although, slot by slot, a sum would have been too large, and is listed by asset")
  func heldSums() throws {
    let chain = TestChain()
    let most = UInt128.max - 1
    try chain.prepare(
      [
        TestChain.define("eur", by: "bank-a"), TestChain.define("aud", by: "bank-a"),
        TestChain.issue("eur", "bank-a", .max), TestChain.issue("aud", "bank-a", 5),
        chain.place("bank-a", "shop", most, "old"), chain.place("bank-a", "shop", 5, "aud", of: "aud"),
      ], by: TestChain.bankA)
    var view = LedgerView(of: chain.state)
    for index in 0..<Int(chain.state.tip.height.rawValue) { view.apply(chain.state.rowChanges(ofUnsettled: index)) }
    chain.state.settle(upTo: chain.state.tip.height)
    try chain.prepare(
      [
        chain.place("bank-a", "shop", 1, "new"), TestChain.release("bank-a", "shop", "new"),
        TestChain.release("bank-a", "shop", "old"), chain.place("bank-a", "shop", most, "new"),
      ], by: TestChain.bankA + TestChain.shop)
    view.apply(chain.state.rowChanges(ofUnsettled: 0))
    let (aud, eur) = (TestChain.name("aud"), TestChain.name("eur"))
    #expect(
      view.held(from: TestChain.account("bank-a"), limit: 9)
        == [Balance(asset: aud, amount: Amount(5)), Balance(asset: eur, amount: Amount(most))])
    #expect(
      view.held(from: TestChain.account("bank-a"), limit: 1) == [Balance(asset: aud, amount: Amount(5))])
  }

  @Test("Holds are listed by expiry, payer and reference, after any position, also one of a hold that ended")
  func holdPages() throws {
    let chain = try OperationOutcomeTests.prepared()
    let start = chain.state.tip.timestamp
    try chain.prepare(
      [
        chain.place("bank-a", "shop", 1, "b", in: 50_000), chain.place("bank-a", "shop/till", 2, "a", in: 50_000),
        chain.place("bank-a", "shop", 3, "c", in: 40_000), TestChain.transfer("eur", "bank-a", "shop", 9),
        chain.place("shop", "bank-a", 4, "a", in: 50_000, arbiter: "notary"),
      ], by: TestChain.bankA + TestChain.shop)
    var view = LedgerView(of: chain.state)
    #expect(
      view.holds(.all, after: nil, limit: 9).isEmpty && view.held(from: TestChain.account("bank-a"), limit: 9).isEmpty)
    func apply(_ view: inout LedgerView) {
      for index in 0..<Int(chain.state.tip.height.rawValue - chain.state.settled.height.rawValue) {
        view.apply(chain.state.rowChanges(ofUnsettled: index))
      }
      chain.state.settle(upTo: chain.state.tip.height)
    }
    apply(&view)
    func list(_ view: borrowing LedgerView, _ list: HoldList, after: HoldPosition? = nil, limit: Int = 9) -> [UInt128] {
      view.holds(list, after: after, limit: limit).map(\.amount.rawValue)
    }
    let (bank, shop) = (TestChain.account("bank-a"), TestChain.account("shop"))
    #expect(list(view, .all) == [3, 2, 1, 4] && list(view, .all, limit: 2) == [3, 2])
    #expect(list(view, .from(bank)) == [3, 2, 1] && list(view, .from(shop)) == [4])
    #expect(list(view, .to(shop)) == [3, 1] && list(view, .to(bank)) == [4])
    #expect(list(view, .from(TestChain.account("guest"))).isEmpty && list(view, .to(TestChain.account("no"))).isEmpty)
    let eur = TestChain.name("eur")
    #expect(view.held(from: bank, limit: 9) == [Balance(asset: eur, amount: Amount(6))])
    #expect(view.balances(of: bank, limit: 9) == [Balance(asset: eur, amount: Amount(985))])
    #expect(view.hold(shop, TestChain.reference("a"))?.arbiter == TestChain.name("notary"))
    func position(_ from: AccountName, _ reference: String, _ expiry: UInt64) -> HoldPosition {
      HoldPosition(
        expires: start.advanced(byMilliseconds: expiry), from: from, reference: TestChain.reference(reference))
    }
    #expect(list(view, .all, after: position(bank, "c", 40_000)) == [2, 1, 4])
    #expect(list(view, .all, after: position(bank, "a", 50_000), limit: 1) == [1])
    #expect(list(view, .from(bank), after: position(bank, "a", 50_000)) == [1])
    #expect(list(view, .all, after: position(bank, "aa", 50_000)) == [1, 4])
    #expect(list(view, .all, after: position(shop, "a", 50_000)).isEmpty)
    try chain.prepare(
      [TestChain.release("bank-a", "shop/till", "a"), TestChain.capture("bank-a", "shop", 1, "c")], by: TestChain.shop)
    #expect(list(view, .all) == [3, 2, 1, 4])
    apply(&view)
    #expect(list(view, .all) == [2, 1, 4] && list(view, .all, after: position(bank, "a", 50_000)) == [1, 4])
    #expect(view.hold(bank, TestChain.reference("a")) == nil)
    #expect(view.held(from: bank, limit: 9) == [Balance(asset: eur, amount: Amount(3))])
    #expect(contents(view) == contents(LedgerView(of: chain.state)))
    try chain.execute([], after: 60_000)
    apply(&view)
    #expect(
      list(view, .all).isEmpty && view.held(from: bank, limit: 9).isEmpty && view.held(from: shop, limit: 9).isEmpty)
    #expect(view.balances(of: bank, limit: 9) == [Balance(asset: eur, amount: Amount(990))])
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
