import Ledger
import LedgerJSON
import TestHarness
import Testing

@Testing.Suite("Refusals over the API")
struct RefusalTests {
  @Test("A refusal of any kind of operation names the members, accounts, assets, amounts and references that it states")
  func refusals() throws {
    let operations = try Samples.operations() + Samples.holdOperations() + Samples.termsOperations()
    let rendered = RenderedOperation.list(operations, decimals: Samples.decimals)
    #expect(Set(operations.map(\.kind)).isSuperset(of: [.assetTransfer, .holdCapture, .assetCap, .memberAdd]))
    for (index, operation) in operations.enumerated() {
      let outcome = TransactionOutcome(code: .assetInsufficientFunds, operation: UInt32(index))
      let refused = try #require(OutcomeView(outcome, of: rendered).refused)
      let touched = operation.touched
      let named =
        [operation.kind.name] + [touched.first, touched.second, touched.openedAccount].compactMap { $0?.description }
        + [touched.movedAsset].compactMap { $0?.description }
      for name in named { #expect(refused.contains(name), "\(name) is not in '\(refused)'") }
      if case .object(let members) = rendered[index].json {
        for key in ["amount", "reference", "name", "member", "to"] {
          guard case .string(let value)? = members[key] else { continue }
          #expect(refused.contains(value), "\(key) \(value) is not in '\(refused)'")
        }
      }
      #expect(OutcomeView(outcome).refused == nil)
    }
    #expect(OutcomeView(.applied, of: rendered).refused == nil)
  }
}
