import Primitives
import Testing

@testable import Ledger

@Suite("Supplies")
struct SupplyTests {
  @Test("M3: the supply of every asset is what is available and held; anything else is found, with the figures")
  func supplies() throws {
    let chain = TestChain()
    try chain.prepare(
      [TestChain.define("eur", by: "bank-a"), TestChain.issue("eur", "shop", 100)], by: TestChain.bankA)
    #expect(chain.state.supplyDifference() == nil)
    try chain.prepare(
      [chain.place("shop", "bank-a", 30, "r"), chain.place("shop", "bank-b", 20, "s")], by: TestChain.shop)
    #expect(chain.state.supplyDifference() == nil)
    let slot = UInt32(0)
    let name = chain.state.assets.rows[0].asset.name
    let supply = chain.state.assets.rows[0].asset.supply
    #expect(supply > .zero)
    chain.state.assets.change(slot) { $0.asset.supply = Amount(supply.rawValue + 1) }
    #expect(
      chain.state.supplyDifference()
        == SupplyDifference(asset: name, supply: Amount(supply.rawValue + 1), held: supply))
    chain.state.assets.change(slot) { $0.asset.supply = supply }
    // What a hold that ended once held does not count.
    try chain.prepare([TestChain.release("shop", "bank-b", "s")], by: TestChain.bankB)
    #expect(chain.state.supplyDifference() == nil)
    let hold = chain.state.holds.rows.firstIndex { !$0.isVacant }
    let held = UInt32(hold ?? 0)
    for amount in [29, 31, .max] as [UInt128] {
      chain.state.holds.change(held) { $0.amount = Amount(amount) }
      let sum = Amount(70).adding(Amount(amount))
      #expect(chain.state.supplyDifference() == SupplyDifference(asset: name, supply: supply, held: sum))
    }
    chain.state.holds.change(held) { $0.amount = Amount(30) }
    #expect(chain.state.supplyDifference() == nil)
    let row = chain.state.balances.rows.firstIndex { $0.asset == 0 && $0.amount > .zero }
    chain.state.balances.change(UInt32(row ?? 0)) { $0.amount = Amount(.max) }
    let found = chain.state.supplyDifference()
    #expect(found?.asset == name && found?.held != supply)
  }
}
