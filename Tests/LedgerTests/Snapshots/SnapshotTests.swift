import Cryptography
import Primitives
import Simulation
import Testing

@testable import Ledger

@Testing.Suite("Snapshots of the state")
struct SnapshotTests {
  /// Draws a random block and executes it.
  private static func grow(
    _ chain: TestChain, _ workload: inout StateWorkloadTests.Workload, _ model: inout LedgerModel
  ) throws -> Execution {
    var transactions =
      chain.state.tip.height == .genesis ? [try StateWorkloadTests.Workload.funding(chain)] : []
    // The ids of some blocks are forgotten while the snapshot is being copied, and some blocks have more than one group
    // of ids.
    let life: UInt64 = workload.chance(50) ? 20_000 : 600_000
    for _ in 0..<workload.draw(workload.chance(10) ? 90 : 10) {
      let operations = (0..<1 + workload.draw(3)).map { _ in workload.operation(model) }
      let signers = workload.signers(operations, model)
      guard !signers.isEmpty, signers.count <= Limits.transactionSignatures else { continue }
      transactions.append(
        try chain.transaction(
          operations, by: [], keys: signers, validUntil: chain.state.tip.timestamp.advanced(byMilliseconds: life)))
    }
    let execution = try chain.execute(transactions)
    model.beginBlock(at: chain.state.tip.timestamp)
    for transaction in transactions { _ = model.apply(transaction) }
    model.endBlock()
    return execution
  }

  @Test(
    "a pinned state is copied unchanged, whatever the chain does meanwhile, and continues as the chain did",
    arguments: [UInt64](1...6))
  func pinned(seed: UInt64) throws { _ = try Self.play(seed: seed) }

  /// Plays the history of a seed, and returns what was executed.
  static func play(seed: UInt64) throws -> TestChain.Executed {
    let chain = TestChain()
    var workload = StateWorkloadTests.Workload(
      generator: SeededGenerator(seed: seed), keys: try TestChain.realKeys(24))
    var model = LedgerModel(TestChain.genesis())
    var execution: Execution?
    for _ in 0..<60 { execution = try grow(chain, &workload, &model) }
    chain.state.settle(upTo: chain.state.tip.height)
    let point = chain.state.settled
    let block = try #require(chain.blocks.last)
    let proof = chain.state.proof(block, try #require(execution).result)
    let known = chain.blocks.flatMap(\.ids).filter { chain.settledContains($0) }
    chain.state.pin()
    var results: [Execution] = []
    var branch: [(LedgerModel, Execution)] = []
    var batches: [StateEntryBatch] = []
    var cursor = PinnedCursor()
    var isMore = true
    while isMore || results.count < 40 {
      var batch = StateEntryBatch()
      isMore = chain.state.copyPinned(&cursor, rows: 9, into: &batch)
      batches.append(batch)
      if workload.chance(20), !branch.isEmpty {
        chain.revert()
        (model, _) = branch.removeLast()
      } else {
        let before = model
        branch.append((before, try grow(chain, &workload, &model)))
      }
      if workload.chance(30) {
        chain.state.settle(upTo: chain.state.tip.height)
        results += branch.map(\.1)
        branch = []
      }
    }
    let forgotten = known.filter { !chain.settledContains($0) }
    if seed < 1000 { #expect(!forgotten.isEmpty, "none of \(known.count) ids was forgotten meanwhile") }
    chain.state.unpin()
    chain.state.settle(upTo: chain.state.tip.height)
    results += branch.map(\.1)

    let made = try MadeSnapshot(batches, proof: proof)
    var loaded = try made.load(TestChain.genesis())
    let tip = loaded.tip
    #expect(tip == point)
    #expect(try Self.absences(of: loaded, using: &workload.generator) == 200)
    // The loaded state gives the same snapshot.
    loaded.pin()
    let again = try MadeSnapshot(loaded.copyAll(rows: 1000), proof: proof)
    loaded.unpin()
    #expect(again.manifest == made.manifest)
    #expect(again.chunks == made.chunks)
    for (block, expected) in zip(chain.blocks.dropFirst(Int(point.height.rawValue)), results) {
      #expect(try loaded.execute(block) == expected)
      loaded.settle(upTo: loaded.tip.height)
    }
    let (last, accounts) = (loaded.tip, LedgerView(of: loaded).accounts(limit: 1000))
    #expect(last == chain.state.tip)
    #expect(accounts == LedgerView(of: chain.state).accounts(limit: 1000))
    #expect(loaded.rememberedCount == chain.state.rememberedCount)
    #expect(loaded.genesisResult == chain.state.genesisResult)
    return chain.executed
  }

  /// How many of 200 entries that the state does not contain are proved absent. Each proof ends at another entry, whose
  /// value the state must know.
  static func absences(of state: borrowing LedgerState, using generator: inout SeededGenerator) throws -> Int {
    var hash = HashFunction(.p256SHA256)
    var count = 0
    for _ in 0..<200 {
      let proof = state.prove(.remembered(Height(generator.next()), group: 0))
      if try proof.verify(root: state.tip.stateRoot, hash: &hash) == nil { count += 1 }
    }
    return count
  }

  /// A small chain with its snapshot.
  private func sample() throws -> (chain: TestChain, made: MadeSnapshot, sent: SignedTransaction) {
    let chain = TestChain()
    try chain.prepare([TestChain.define("eur", by: "bank-a")], by: TestChain.bankA)
    for number in 0..<20 {
      try chain.prepare([TestChain.open("bank-a/\(number)")], by: TestChain.bankA)
      try chain.prepare([TestChain.issue("eur", "bank-a/\(number)", 5)], by: TestChain.bankA)
    }
    let sent = try chain.transaction([TestChain.transfer("eur", "bank-a/1", "bank-a/2", 1)], by: TestChain.bankA)
    let execution = try chain.execute([sent])
    chain.state.settle(upTo: chain.state.tip.height)
    let proof = chain.state.proof(try #require(chain.blocks.last), execution.result)
    chain.state.pin()
    let made = try MadeSnapshot(chain.state.copyAll(rows: 50), proof: proof)
    chain.state.unpin()
    return (chain, made, sent)
  }

  @Test("E8: a transaction that was applied before the snapshot is refused after it")
  func replay() throws {
    let (chain, made, sent) = try sample()
    let loaded = try made.load(TestChain.genesis())
    let isKnown = loaded.settledContains(sent.id)
    #expect(isKnown)
    let fault = loaded.fault(in: chain.block([sent]))
    #expect(fault == .transaction(index: 0, .alreadyApplied(sent.id)))
  }

  @Test("S4: no byte of a chunk can be changed, cut or added without a refusal")
  func tamperedChunk() throws {
    let (_, made, _) = try sample()
    var hash = HashFunction(.p256SHA256)
    let bytes = made.chunks[0]
    func isRefused(_ bytes: [UInt8]) -> Bool {
      do throws(SnapshotError) {
        _ = try made.manifest.chunk(0, bytes, hash: &hash)
        return false
      } catch {
        return true
      }
    }
    #expect(!isRefused(bytes))
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 1 << UInt8(place % 8)
      #expect(isRefused(changed), "byte \(place)")
      #expect(isRefused(Array(bytes[..<place])), "cut at \(place)")
    }
    #expect(isRefused(bytes + [0]))
    #expect(isRefused([]))
  }

  @Test("S4: a manifest with other, more or fewer chunks, or another entry count, is not the certified state")
  func tamperedManifest() throws {
    let (chain, made, _) = try sample()
    var hash = HashFunction(.p256SHA256)
    let context = chain.state.chain
    func fault(_ change: (inout SnapshotManifest) -> Void) -> SnapshotError? {
      var manifest = made.manifest
      change(&manifest)
      do throws(SnapshotError) {
        try manifest.verify(context, hash: &hash)
        return nil
      } catch {
        return error
      }
    }
    #expect(fault { _ in } == nil)
    #expect(fault { $0.chunks[0] = Digest(1, 2, 3, 4) }?.code == "snapshot.other-root")
    #expect(fault { $0.chunks += $0.chunks }?.code == "snapshot.chunk-count")
    #expect(fault { $0.entryCount = 5000 }?.code == "snapshot.chunk-count")
    #expect(fault { $0.proof.result.stateRoot = .zero }?.code == "snapshot.not-certified")
    #expect(fault { $0.proof.header.height = Height(7) }?.code == "snapshot.not-certified")
    let bytes = made.manifest.encoded(context)
    #expect(try SnapshotManifest(bytes, chain: context) == made.manifest)
    for count in 0..<bytes.count {
      #expect(throws: SnapshotError.self) { try SnapshotManifest(Array(bytes[..<count]), chain: context) }
    }
    #expect(throws: SnapshotError.self) { try SnapshotManifest(bytes + [0], chain: context) }
  }

  @Test("S4: chunks that are divided where they fit into one are not the snapshot that every node makes")
  func needlessDivision() throws {
    let (chain, made, _) = try sample()
    var hash = HashFunction(.p256SHA256)
    let prefixes = [KeyPrefix(0, bits: 1), KeyPrefix(1, bits: 1)]
    var encoders = [StateChunkEncoder(), StateChunkEncoder()]
    StateEntryBatch.forEach(in: Array(made.chunks[0].dropFirst(4)), hash: &hash) { entry, key in
      encoders[key.bit(0) ? 1 : 0].add(entry, key: key)
    }
    let chunks = encoders.map { $0.finish() }
    let digests = try zip(chunks, prefixes).enumerated().map {
      try StateChunk($1.0, index: $0, prefix: $1.1, hash: &hash).digest
    }
    func divided(_ digests: [Digest], _ prefixes: [KeyPrefix]) -> SnapshotManifest {
      SnapshotManifest(
        entryCount: made.manifest.entryCount, chunks: digests, prefixes: prefixes, proof: made.manifest.proof)
    }
    var forged = made
    forged.manifest = divided(digests, prefixes)
    forged.chunks = chunks
    let bytes = forged.manifest.encoded(chain.state.chain)
    #expect(try SnapshotManifest(bytes, chain: chain.state.chain) == forged.manifest)
    let count = (0..<8).map { UInt8(truncatingIfNeeded: made.manifest.entryCount >> ($0 * 8)) }
    #expect(Array(bytes[..<46]) == [2] + count + [2, 0, 0, 0] + [1] + digests[0].bytes)
    // The chunks are those of the certified state, so only their sizes tell.
    try forged.manifest.verify(chain.state.chain, hash: &hash)
    do {
      _ = try forged.load(TestChain.genesis())
      Issue.record("a snapshot that is divided needlessly was loaded")
    } catch {
      #expect((error as? SnapshotError)?.code == "snapshot.chunk-division")
    }
    func fault(_ manifest: SnapshotManifest) -> String? {
      do throws(SnapshotError) {
        try manifest.verify(chain.state.chain, hash: &hash)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(fault(divided(digests, [KeyPrefix.all])) == "snapshot.chunk-count")
    #expect(fault(divided(made.manifest.chunks, [KeyPrefix.all])) == "snapshot.chunk-division")
    #expect(fault(divided(digests.reversed(), prefixes)) == "snapshot.other-root")
  }

  @Test("S4: missing, repeated or reordered chunks do not give a state")
  func wrongChunks() throws {
    let (chain, made, _) = try sample()
    var hash = HashFunction(.p256SHA256)
    let context = chain.state.chain
    let none = SnapshotLoader(made.manifest, genesis: TestChain.genesis())
    do throws(SnapshotError) {
      _ = try none.finish()
      Issue.record("a snapshot without its chunk was loaded")
    } catch {
      #expect(error.code == "snapshot.no-such-chunk")
    }
    #expect(throws: SnapshotError.noSuchChunk(index: 1, count: 1)) {
      try made.manifest.chunk(1, made.chunks[0], hash: &hash)
    }
    var counted = made
    counted.manifest.entryCount -= 1
    try counted.manifest.verify(context, hash: &hash)
    do {
      _ = try counted.load(TestChain.genesis())
      Issue.record("a snapshot with another number of entries was loaded")
    } catch {
      #expect((error as? SnapshotError)?.code == "snapshot.entry-count")
    }
  }

  @Test("a map built from parts equals the map that grew key by key", arguments: [0, 1, 2, 3, 5])
  func parts(bits: Int) {
    var hash = HashFunction(.p256SHA256)
    var generator = SeededGenerator(seed: UInt64(bits) + 1)
    for count in [0, 1, 2, 3, 50, 400] {
      var shelf = ShelvedValues()
      let changes = (0..<count).map { _ in
        shelf.change(Digest(generator.next(), generator.next(), 0, 0), Digest(generator.next(), 1, 1, 1))
      }
      var grown = MerkleMap()
      grown.update(changes, hash: &hash)
      var made = MerkleMap()
      let leaves = changes.map { MerkleSubtree.Leaf(key: $0.key, value: $0.value ?? .zero) }.sorted { $0.key < $1.key }
      var parts: [MerkleMap.Part] = []
      var digests: [Digest] = []
      for prefix in 0..<1 << bits {
        let own = leaves.filter { SnapshotManifest.chunk(of: $0.key, bits: bits) == prefix }
        let part = MerkleSubtree(ascending: own, hash: &hash)
        digests.append(part.root)
        parts.append(made.take(part))
      }
      made.join(parts, depth: { _ in bits }, hash: &hash)
      let (root, computed) = (made.root, MerkleMap.root(of: digests, depth: { _ in bits }, hash: &hash))
      #expect(root == grown.root)
      #expect(computed == grown.root)
      made.checkInvariants()
      // Further changes also lead to the same result.
      let more = [shelf.change(Digest(5, 5, 5, 5), Digest(6, 6, 6, 6))]
      grown.update(more, hash: &hash)
      made.update(more, hash: &hash)
      let after = made.root
      #expect(after == grown.root)
    }
  }
}
