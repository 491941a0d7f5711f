import Cryptography
import Primitives
import Testing

@testable import Ledger

@Testing.Suite("The return of expired holds")
struct HoldReturnTests {
  /// Places holds of one unit in two blocks, with ten different expiries in no order. The last expires 20 s after the tip.
  /// Returns all of them in the order in which they must return.
  private func place(_ count: Int, on chain: TestChain) throws -> [Hold] {
    try chain.prepare([TestChain.issue("eur", "bank-a", UInt128(count))], by: TestChain.bankA)
    let start = chain.state.tip.timestamp
    func holds(_ range: Range<Int>) throws {
      var transactions: [SignedTransaction] = []
      for first in stride(from: range.lowerBound, to: range.upperBound, by: 500) {
        let operations = (first..<min(first + 500, range.upperBound)).map { index in
          Operation.holdPlace(
            asset: TestChain.name("eur"), from: TestChain.account("bank-a"), to: TestChain.account("shop/till"),
            amount: Amount(1), reference: TestChain.reference("\(index)"),
            expires: start.advanced(byMilliseconds: 20_000 - UInt64(index * 7 % 10)))
        }
        transactions.append(try chain.transaction(operations, by: TestChain.bankA))
      }
      #expect(try chain.execute(transactions).outcomes.allSatisfy { $0 == .applied })
    }
    try holds(0..<count / 2)
    try holds(count / 2..<count)
    return (0..<count).compactMap { chain.hold("bank-a", "\($0)") }.sorted {
      ($0.expires, $0.placed) < ($1.expires, $1.placed)
    }
  }

  /// How many of the holds, from the first on, are not open; nil if these are not the first.
  private func returned(_ holds: [Hold], _ state: borrowing LedgerState) -> Int? {
    var open: [Bool] = []
    for hold in holds { open.append(state.entry(.hold(hold.from, hold.reference)) == .hold(hold)) }
    let count = open.prefix { !$0 }.count
    return open.dropFirst(count).allSatisfy { $0 } ? count : nil
  }

  @Test(
    "M2: 5,000 holds that expired return 2,000 a block, in order, back and forth, from a snapshot and elsewhere alike")
  func many() throws {
    let chain = try OperationOutcomeTests.prepared()
    let holds = try place(5000, on: chain)
    #expect(holds.count == 5000 && Set(holds.map(\.placed)).count == 5000)
    #expect(Set(holds.map(\.placed.height)).count == 2 && Set(holds.map(\.expires)).count == 10)
    #expect(chain.amount("eur", "bank-a") == Amount(1000))
    // One block after the expiry of the first 500: these only. Then the others, at most 2,000 a block.
    let first = try #require(holds.first?.expires)
    try chain.execute([], after: first.rawValue - chain.state.tip.timestamp.rawValue)
    #expect(returned(holds, chain.state) == 500)
    var tips = [chain.state.tip]
    var results: [Execution] = []
    for count in [2500, 4500, 5000, 5000] {
      results.append(try chain.execute([]))
      #expect(returned(holds, chain.state) == count)
      #expect(chain.amount("eur", "bank-a") == Amount(UInt128(1000 + count)))
      #expect(chain.state.supplyDifference() == nil)
      let (next, rest) = (chain.state.nextExpiry, holds.dropFirst(count).first?.expires)
      #expect(next == rest)
      tips.append(chain.state.tip)
    }
    // Back and forth, from every height.
    let blocks = Array(chain.blocks.suffix(4))
    for depth in 1...4 {
      for step in 0..<depth {
        chain.state.revert()
        #expect(chain.state.tip == tips[3 - step])
      }
      #expect(returned(holds, chain.state) == [5000, 4500, 2500, 500][depth - 1])
      for index in (4 - depth)..<4 {
        #expect(try chain.state.execute(blocks[index]) == results[index])
        #expect(chain.state.tip == tips[index + 1])
      }
    }
    // A node that executes everything.
    var twin = LedgerState(genesis: TestChain.genesis())
    for block in chain.blocks { _ = try twin.execute(block) }
    let last = twin.tip
    #expect(last == tips[4])
    // A node that begins between two of the blocks.
    for _ in 0..<3 { chain.state.revert() }
    chain.state.settle(upTo: chain.state.tip.height)
    chain.state.pin()
    let proof = chain.state.proof(blocks[0], results[0].result)
    let made = try MadeSnapshot(
      chain.state.copyAll(rows: 700) { state in
        // The blocks above it come meanwhile.
        guard state.tip == tips[1] else { return }
        for block in blocks.dropFirst() { _ = try state.execute(block) }
        state.settle(upTo: state.tip.height)
      }, proof: proof)
    chain.state.unpin()
    var loaded = try made.load(TestChain.genesis())
    #expect(returned(holds, loaded) == 2500)
    let (begin, next) = (loaded.tip, loaded.nextExpiry)
    #expect(begin == tips[1] && next == holds[2500].expires)
    for (block, result) in zip(blocks, results).dropFirst() { #expect(try loaded.execute(block) == result) }
    let (end, open) = (loaded.tip, loaded.nextExpiry)
    #expect(end == tips[4] && open == nil)
  }

  @Test("M2: holds that end otherwise, or are placed anew, change nothing about the order of the rest")
  func others() throws {
    let chain = try OperationOutcomeTests.prepared()
    let holds = try place(100, on: chain)
    // Every third ends; every sixth is placed again with a later expiry.
    var expected = holds.enumerated().filter { $0.offset % 3 != 0 }.map(\.element)
    var transactions: [SignedTransaction] = []
    for (index, hold) in holds.enumerated() where index % 3 == 0 {
      var operations = [TestChain.release("bank-a", "shop/till", hold.reference.description)]
      if index % 6 == 0 { operations.append(chain.place("bank-a", "shop/till", 2, hold.reference.description)) }
      transactions.append(try chain.transaction(operations, by: TestChain.shop + TestChain.bankA))
    }
    #expect(try chain.execute(transactions).outcomes.allSatisfy { $0 == .applied })
    for time in Set(expected.map(\.expires)).sorted() {
      try chain.execute([], after: time.rawValue - chain.state.tip.timestamp.rawValue)
      #expect(expected.allSatisfy { (chain.hold("bank-a", $0.reference.description) == $0) == ($0.expires > time) })
      expected.removeAll { $0.expires <= time }
    }
    #expect(expected.isEmpty)
    for (index, hold) in holds.enumerated() where index % 6 == 0 {
      #expect(chain.held("bank-a", hold.reference.description) == Amount(2))
    }
    #expect(chain.state.supplyDifference() == nil)
  }
}
