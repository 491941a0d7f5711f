import Ledger
import Primitives
import Testing

@testable import Node

@Testing.Suite("Recent outcomes")
struct RecentOutcomesTests {
  private func transaction(_ number: UInt64) -> FinalizedTransaction {
    FinalizedTransaction(
      id: Digest(number, 0, 0, 0), height: Height(number), index: Int(number % 3),
      outcome: number.isMultiple(of: 2) ? .applied : TransactionOutcome(code: .accountFrozen, operation: 4))
  }

  @Test("The newest outcomes up to the limit are always known, and never more than twice as many")
  func newest() {
    var recent = RecentOutcomes(limit: 10)
    for number in 1...95 as ClosedRange<UInt64> {
      recent.remember(transaction(number))
      let known = (1...95).filter { recent[Digest($0, 0, 0, 0)] != nil }
      #expect(known.count <= 20)
      #expect(known == Array(known[0]...number))
      #expect(known.count >= min(10, Int(number)))
      for number in known { #expect(recent[Digest(number, 0, 0, 0)] == transaction(number)) }
      #expect(recent.forgottenHeight == Height(known[0] - 1))
    }
  }
}
