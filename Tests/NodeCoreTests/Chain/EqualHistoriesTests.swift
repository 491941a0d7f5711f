import BlockLog
import Cryptography
import Ledger
import NodeCore
import Primitives
import Replica
import TestHarness
import Testing

@testable import Simulation

/// Nodes come to a height in different ways; what they have there is the same.
@Testing.Suite("Equal histories")
struct EqualHistoriesTests {
  @Test(
    "D10: nodes that replayed, loaded a snapshot, took blocks back or were pinned differ in nothing at any height",
    arguments: [UInt64](1...3))
  func equal(seed: UInt64) throws {
    let histories = try Histories(20, seed: seed)
    try histories.compare()
    // One of them has an end of an epoch in it.
    if seed == 1 { #expect(histories.epochs > 0) }
  }
}

/// One chain, and the ways in which nodes come to its heights.
private struct Histories {
  /// What a height looks like on a node that did nothing but execute the blocks.
  private struct Reference {
    var tip: ChainPoint
    var execution: Execution
    var entries: [StateEntry]
    /// All entries, sorted and encoded.
    var bytes: [UInt8]
    var remembered: Set<Digest>
    var rememberedCount: Int
    /// How many records a node's log has once the block is final.
    var records: Int
    var finalization: Certificate
  }

  /// A state that is moved along the chain, in some way.
  private final class Follower {
    let name: String
    var state: LedgerState
    /// The entries that were copied from the pinned state, and its height.
    var copied: [StateEntryBatch] = []
    var cursor = PinnedCursor()

    init(_ name: String, _ state: consuming LedgerState) {
      self.name = name
      self.state = state
    }

    func execute(_ block: Block) throws -> Execution {
      let execution = try state.execute(block)
      state.settle(upTo: block.height)
      return execution
    }

    func copySome(rows: Int) -> Bool {
      var batch = StateEntryBatch()
      defer { copied.append(batch) }
      return state.copyPinned(&cursor, rows: rows, into: &batch)
    }

    func pin() {
      (copied, cursor) = ([], PinnedCursor())
      state.pin()
    }

    /// Copies the rest of the pinned state and ends the pinning.
    func unpin() -> [UInt8] {
      while copySome(rows: 64) {}
      state.unpin()
      return encode(copied, state.chain.suite)
    }

    func isKnown(_ id: Digest) -> Bool { state.contains(id) }
  }

  private static func encode(_ batches: [StateEntryBatch], _ suite: Suite) -> [UInt8] {
    var hash = HashFunction(suite)
    var encoder = StateChunkEncoder()
    for batch in batches { encoder.add(batch.bytes, hash: &hash) }
    return encoder.finish()
  }

  private let harness: ReplicaHarness
  private var blocks: [Block] = []
  private var references: [Reference] = []
  private var ids: [Digest] = []
  /// Blocks that no node ever finalizes, by the height of their parent.
  private var others: [[Block]] = []

  var epochs: UInt64 { references.last?.tip.above.epoch.rawValue ?? 0 }

  private var genesis: Genesis { harness.population.genesis }
  private var suite: Suite { harness.options.suite }

  /// A chain of `count` blocks with the simulation's workload, which also went through a node that logs it.
  init(_ count: Int, seed: UInt64) throws {
    // The node itself leads none of the views.
    harness = try ReplicaHarness(validators: count + 2, own: count + 1)
    var workload = Workload(
      harness.options, population: harness.population, ring: harness.ring, generator: SeededGenerator(seed: seed))
    var model = LedgerModel(harness.population.genesis)
    let straight = Follower("straight", LedgerState(genesis: harness.population.genesis))
    var hash = HashFunction(harness.options.suite)
    // The last block that ended an epoch.
    var opening = Height.genesis
    for height in 1...count {
      // The ids of a transaction are forgotten after ten minutes.
      harness.now.wall = harness.now.wall.advanced(byMilliseconds: 70_000)
      var transactions: [SignedTransaction] = []
      for _ in 0..<(height % 5 == 0 ? 45 : 9) {
        let request = workload.next(at: harness.now.wall, model)
        guard case .sound = request.expectation,
          let transaction = try? SignedTransaction(
            bytes: request.bytes, chain: harness.population.chain, hash: &hash),
          !transactions.contains(where: { $0.id == transaction.id }),
          straight.state.fault(in: harness.block([transaction], on: straight.state.tip)) == nil
        else { continue }
        transactions.append(transaction)
      }
      others.append(
        transactions.isEmpty
          ? [] : [harness.block(Array(transactions.reversed().dropFirst()), on: straight.state.tip)])
      let epoch = straight.state.tip.above.epoch
      let block = harness.block(transactions, on: straight.state.tip)
      let execution = try straight.execute(block)
      model.beginBlock(at: block.header.timestamp)
      for (transaction, outcome) in zip(transactions, execution.outcomes) {
        #expect(model.apply(transaction) == outcome)
      }
      model.endBlock()
      ids += transactions.map(\.id)
      blocks.append(block)
      let finalization = try Self.finalize(block, straight.state.tip, above: opening, on: harness)
      if straight.state.tip.above.epoch > epoch { opening = block.height }
      straight.pin()
      let bytes = straight.unpin()
      let entries = try StateChunk(bytes, index: 0, prefix: .all, hash: &hash).entries
      references.append(
        Reference(
          tip: straight.state.tip, execution: execution, entries: entries, bytes: bytes,
          remembered: Set(ids.filter { straight.isKnown($0) }), rememberedCount: straight.state.rememberedCount,
          records: harness.log.count, finalization: finalization))
    }
  }

  private static func finalize(
    _ block: Block, _ point: ChainPoint, above opening: Height, on harness: ReplicaHarness
  ) throws -> Certificate {
    let view = block.height.rawValue - opening.rawValue
    try harness.propose(block, view: view, parent: view - 1)
    try harness.certify(block, view: view, parent: view - 1)
    let finalization = try harness.finalization(block, point, view: view, parent: view - 1)
    harness.receive(.certificate(finalization), from: harness.others[0])
    harness.epoch = point.above.epoch
    return finalization
  }

  // MARK: Comparing

  private func expect(_ follower: Follower, at height: Int, _ execution: Execution?) {
    let reference = references[height - 1]
    let comment = "\(follower.name) at \(height)"
    let (tip, count) = (follower.state.tip, follower.state.rememberedCount)
    #expect(tip == reference.tip, "\(comment)")
    if let execution { #expect(execution == reference.execution, "\(comment)") }
    let other = reference.entries.filter { follower.state.entry($0.key) != $0 }
    #expect(other.isEmpty, "\(comment)")
    #expect(count == reference.rememberedCount, "\(comment)")
    #expect(Set(ids.filter { follower.isKnown($0) }) == reference.remembered, "\(comment)")
    guard follower.state.pinnedPoint == nil else { return }
    follower.pin()
    #expect(follower.unpin() == reference.bytes, "\(comment)")
  }

  private func follow(
    _ follower: Follower, from first: Int, _ before: (Int, Follower) throws -> Void = { _, _ in }
  )
    throws
  {
    for height in first...blocks.count {
      try before(height, follower)
      expect(follower, at: height, try follower.execute(blocks[height - 1]))
    }
  }

  /// Executes blocks on the tip that do not become final, and takes them back.
  private func detour(_ height: Int, _ follower: Follower) throws {
    let parent = follower.state.tip
    for _ in 0..<height % 3 {
      for other in others[height - 1] + [blocks[height - 1]] {
        _ = try follower.state.execute(other)
        // Deeper: an empty block, which forgets what has expired in the meantime.
        let empty = harness.block(
          [], on: follower.state.tip, at: follower.state.tip.timestamp.advanced(byMilliseconds: 900_000))
        _ = try follower.state.execute(empty)
        follower.state.revert()
        follower.state.revert()
      }
    }
    let tip = follower.state.tip
    #expect(tip == parent)
  }

  // MARK: Ways to a height

  private func replayed(_ height: Int) throws -> Follower {
    let owner = CoreHarness.owner(genesis, harness.own)
    let disk = try CoreHarness.disk(harness.log.prefix(references[height - 1].records), owner: owner)
    let opened = try CoreHarness.open(disk, genesis: genesis, own: harness.own, holds: { harness.ring.holds($0) })
    return Follower("replayed", opened.use { _, restoration, _ in restoration.intoLedger() })
  }

  /// The state of a snapshot that was made at this height, written to a disk and loaded.
  private func loaded(_ height: Int) throws -> Follower {
    let source = Follower("source", LedgerState(genesis: genesis))
    for block in blocks.prefix(height) { _ = try source.execute(block) }
    let store = SnapshotStore(MemoryDisk(), chain: genesis.chain)
    let bound = source.state.pinnedRowBound
    source.pin()
    while source.copySome(rows: 40) {}
    source.state.unpin()
    var writer = try SnapshotWriter(store, height: Height(UInt64(height)), bound: bound)
    for batch in source.copied { try writer.add(batch) }
    let reference = references[height - 1]
    _ = try writer.finish(
      proof: CertifiedBlock(
        header: blocks[height - 1].header, result: reference.execution.result, descendants: [],
        certificate: reference.finalization))
    let stored = try store.open(Height(UInt64(height)))
    var chunks = StoredChunks(stored, suite: suite)
    var loader = SnapshotLoader(stored.manifest, genesis: genesis)
    while let chunk = try chunks.next() { try loader.add(chunk) }
    return Follower("loaded from \(height)", try loader.finish())
  }

  func compare() throws {
    // The chain must contain what could make a difference.
    let last = try #require(references.last)
    #expect(last.remembered.count < ids.count && last.rememberedCount > 0)
    #expect(harness.commits.map(\.point) == references.map(\.tip))

    for height in 1...blocks.count { expect(try replayed(height), at: height, nil) }
    try follow(try replayed(7), from: 8)

    for height in [3, 10, 15] {
      let follower = try loaded(height)
      expect(follower, at: height, nil)
      try follow(follower, from: height + 1, detour)
    }

    try follow(Follower("took blocks back", LedgerState(genesis: genesis)), from: 1, detour)

    // Pinned at almost every height, also while blocks are taken back.
    for detours in [false, true] {
      let follower = Follower("pinned, \(detours)", LedgerState(genesis: genesis))
      var pinned = 0
      try follow(follower, from: 1) { height, follower in
        if height % 4 == 2 {
          if pinned > 0 { #expect(follower.unpin() == references[pinned - 1].bytes, "pinned at \(pinned)") }
          follower.pin()
          pinned = height - 1
        }
        if detours { try detour(height, follower) }
        if pinned > 0 { _ = follower.copySome(rows: 5) }
      }
    }
  }
}
