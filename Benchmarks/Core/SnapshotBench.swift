import Cryptography
import Ledger
import Primitives

/// Copies a large state for a snapshot, sorts it into chunks and loads it again, which is what a start from a snapshot
/// costs beyond reading the file.
enum SnapshotBench {
  private static let members = 1000
  private static let accountsPerMember = 1000
  private static let transactions = 2_000_000

  static func run(_ report: Report) throws {
    var world = try PopulatedLedger.populated(members: members, accountsPerMember: accountsPerMember)
    world.validityMilliseconds = Limits.validityMilliseconds
    var last: (block: Block, execution: Execution)?
    for _ in 0..<transactions / 10_000 {
      let block = try world.block(transactions: 10_000, operations: 1)
      last = (block, try world.state.execute(block))
      world.state.settle(upTo: world.state.tip.height)
    }
    guard let last else { return }
    report.note(
      "snapshot: \(members * accountsPerMember) accounts, \(world.state.rememberedCount) remembered transactions")

    world.state.pin()
    var cursor = PinnedCursor()
    var batches: [StateEntryBatch] = []
    var longest = Cost()
    var copying = Cost()
    var isMore = true
    while isMore {
      var batch = StateEntryBatch()
      let spent = Cost.measure { isMore = world.state.copyPinned(&cursor, rows: 4096, into: &batch) }
      copying += spent
      if spent.processor > longest.processor { longest = spent }
      batches.append(batch)
    }
    world.state.unpin()
    let entries = batches.reduce(0) { $0 + $1.count }
    let bytes = batches.reduce(0) { $0 + $1.bytes.count }
    report.note("snapshot: \(entries) entries of \(bytes / entries) bytes")
    report.line("snapshot: copy", entries, copying, "entry")
    report.line("snapshot: longest piece of 4096 rows", 1, longest, "piece")

    let bits = SnapshotManifest.prefixBits(entries: UInt64(entries))
    var chunks: [[UInt8]] = []
    let sorting = Cost.measure {
      var encoders = (0..<1 << bits).map { _ in StateChunkEncoder() }
      for batch in batches {
        batch.forEach(hash: &world.hash) { encoders[SnapshotManifest.chunk(of: $1, bits: bits)].add($0, key: $1) }
      }
      chunks = encoders.map { $0.finish() }
    }
    batches = []
    report.note("snapshot: \(chunks.count) chunks")
    report.line("snapshot: sort into chunks", entries, sorting, "entry")

    let proof = CertifiedBlock(
      header: last.block.header, result: last.execution.result, descendants: [],
      certificate: Certificate(statement: .nullify(epoch: .first, view: View(1)), signers: [], signatures: []))
    let digests = try chunks.enumerated().map {
      try StateChunk($1, index: $0, prefix: KeyPrefix($0, bits: bits), hash: &world.hash).digest
    }
    let manifest = SnapshotManifest(entryCount: UInt64(entries), chunks: digests, proof: proof)
    // The two steps run in sequence, as they do in a node, although a node uses two threads for them.
    var decoding = Cost()
    var filling = Cost()
    var loader = SnapshotLoader(manifest, genesis: world.genesis)
    for (index, bytes) in chunks.enumerated() {
      var chunk: StateChunk?
      decoding += try Cost.measure { chunk = try manifest.chunk(index, bytes, hash: &world.hash) }
      guard let chunk else { return }
      filling += try Cost.measure { try loader.add(chunk) }
    }
    let before = Cost.now()
    let isSame = try loader.finish().tip == world.state.tip
    filling += Cost.now() - before
    precondition(isSame, "the loaded state stands elsewhere")
    report.line("snapshot: decode and hash", entries, decoding, "entry")
    report.line("snapshot: fill the tables", entries, filling, "entry")
    report.line("snapshot: load, on one core", entries, decoding + filling, "entry")
  }
}
