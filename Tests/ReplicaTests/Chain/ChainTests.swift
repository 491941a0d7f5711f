import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("The chain and its tree of blocks")
struct ChainTests {
  /// A chain whose tree holds `blocks`, found without fault or not.
  private func chain(_ harness: ReplicaHarness, _ blocks: [Block], isFaultless: Bool) -> Chain {
    var chain = Chain(ledger: LedgerState(genesis: harness.population.genesis))
    for block in blocks {
      chain.tree.insert(block, isLogged: false)
      chain.tree[block.digest]?.isFaultless = isFaultless
    }
    return chain
  }

  @Test("A block that was checked earlier gives the same result as a repeated check")
  func judgedOnce() throws {
    let harness = try ReplicaHarness()
    let blocks = try harness.chain(3)
    var once = chain(harness, blocks, isFaultless: true)
    var twice = chain(harness, blocks, isFaultless: false)
    for block in blocks {
      var changes = Chain.Changes()
      try once.execute(block.digest, &changes)
      try twice.execute(block.digest, &changes)
      #expect(once.tree[block.digest]?.execution != nil)
      #expect(once.tree[block.digest]?.execution?.digest == twice.tree[block.digest]?.execution?.digest)
    }
  }

  @Test("A block that was checked on one state is checked again before it is executed on another, and refused there")
  func otherState() throws {
    let harness = try ReplicaHarness()
    let first = harness.block([try harness.transaction()])
    let other = harness.block([try harness.transaction(from: 1, to: 0)])
    var chain = chain(harness, [first, other], isFaultless: true)
    var changes = Chain.Changes()
    try chain.execute(first.digest, &changes)
    do throws(Chain.Fault) {
      try chain.execute(other.digest, &changes)
      Issue.record("it was executed on a state that it does not name")
    } catch {
      guard case .invalid = error else { throw error }
    }
    #expect(chain.tip == first.digest)
  }
}
