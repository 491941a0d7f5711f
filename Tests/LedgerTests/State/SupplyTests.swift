import Primitives
import Testing

@testable import Ledger

@Suite("Supplies")
struct SupplyTests {
  @Test("The supply of every asset is what accounts hold; anything else is found, with the figures")
  func supplies() throws {
    let chain = TestChain()
    try chain.prepare(
      [TestChain.define("eur", by: "bank-a"), TestChain.issue("eur", "shop", 100)], by: TestChain.bankA)
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
    let row = chain.state.balances.rows.firstIndex { $0.asset == 0 && $0.amount > .zero }
    chain.state.balances.change(UInt32(row ?? 0)) { $0.amount = Amount(.max) }
    let found = chain.state.supplyDifference()
    #expect(found?.asset == name && found?.held != supply)
  }
}
