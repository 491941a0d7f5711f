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

  @Test("Each commit brings the rows that its block changed, also if several are final at once and one is pinned")
  func rows() throws {
    let harness = try ReplicaHarness()
    let blocks = try harness.chain(5)
    var chain = chain(harness, blocks, isFaultless: false)
    chain.reportsRows = true
    chain.snapshotInterval = 2
    var view = LedgerView(of: chain.ledger)
    var changes = Chain.Changes()
    let points = try harness.points(blocks)
    // The last block stays ahead of finality.
    try chain.move(to: blocks[4].digest, &changes)
    try chain.commit(blocks[3].digest, result: points[3].result, &changes)
    #expect(changes.commits.map { $0.rows?.point } == points.prefix(4).map { $0 })
    for commit in changes.commits { view.apply(try #require(commit.rows)) }
    let (point, accounts) = (view.point, view.accounts(limit: 100))
    #expect(point == chain.committed)
    let fresh = LedgerView(of: chain.ledger)
    #expect(accounts == fresh.accounts(limit: 100))
    for account in accounts {
      #expect(view.balances(of: account.name, limit: 9) == fresh.balances(of: account.name, limit: 9))
    }
    chain.reportsRows = false
    changes = Chain.Changes()
    try chain.commit(blocks[4].digest, result: points[4].result, &changes)
    #expect(changes.commits.count == 1 && changes.commits[0].rows == nil)
  }
}
