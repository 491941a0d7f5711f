import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("The chain and its tree of blocks")
struct ChainTests {
  /// A chain whose tree holds `blocks`, found without fault or not.
  private func chain(
    _ harness: ReplicaHarness, _ blocks: [Block], isFaultless: Bool, schedule: SnapshotSchedule = .never
  ) -> Chain {
    var chain = Chain(ledger: LedgerState(genesis: harness.population.genesis), schedule: schedule)
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
    var chain = chain(harness, blocks, isFaultless: false, schedule: SnapshotSchedule(interval: 2))
    chain.reportsRows = true
    chain.pinsSnapshots = true
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

  /// The heights at which a chain pins its state while the blocks become final one by one.
  private func pinned(_ harness: ReplicaHarness, _ blocks: [Block], _ schedule: SnapshotSchedule) throws -> [UInt64] {
    var chain = chain(harness, blocks, isFaultless: false, schedule: schedule)
    chain.pinsSnapshots = true
    var heights: [UInt64] = []
    for (block, point) in zip(blocks, try harness.points(blocks)) {
      var changes = Chain.Changes()
      try chain.commit(block.digest, result: point.result, &changes)
      if let point = chain.ledger.pinnedPoint { heights.append(point.height.rawValue) }
      chain.withLedger { $0.unpin() }
    }
    return heights
  }

  @Test("A snapshot is due at every multiple of the interval, and as soon as the blocks since the last one are large")
  func due() throws {
    let harness = try ReplicaHarness()
    let blocks = try harness.chain(12)
    let size = blocks[0].bytes.count
    #expect(blocks.allSatisfy { $0.bytes.count == size })
    #expect(try pinned(harness, blocks, SnapshotSchedule(interval: 5)) == [5, 10])
    #expect(try pinned(harness, blocks, SnapshotSchedule(interval: 8, bytes: 3 * size)) == [3, 6, 8, 11])
    #expect(try pinned(harness, blocks, SnapshotSchedule(interval: 0, bytes: size)).isEmpty)
  }

  @Test("The next snapshot is due at the same height after a restart")
  func dueAfterRestart() throws {
    let harness = try ReplicaHarness()
    let blocks = try harness.chain(3)
    let schedule = SnapshotSchedule(interval: 100, bytes: 2 * blocks[0].bytes.count)
    try harness.finalize(blocks)
    var running = chain(harness, blocks, isFaultless: false, schedule: schedule)
    var changes = Chain.Changes()
    try running.commit(blocks[2].digest, result: try harness.points(blocks)[2].result, &changes)
    var restoration = Restoration(
      genesis: harness.population.genesis,
      state: LoadedState(ledger: LedgerState(genesis: harness.population.genesis), proof: nil), schedule: schedule)
    for (index, record) in harness.log.enumerated() {
      _ = try restoration.apply(
        kind: record.kind.rawValue, payload: record.payload, at: LogPosition(UInt64(index + 1)))
    }
    let restored = restoration.intoChain()
    let (height, next, expected) = (restored.committed.height, restored.schedule, running.schedule)
    #expect(height == Height(3))
    #expect(next == expected)
    #expect(next != schedule)
  }
}
