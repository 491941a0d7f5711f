internal import BlockLog
internal import Cryptography
internal import Ledger
internal import Primitives
internal import Replica

extension FuzzTarget {
  /// Snapshots, their proofs, and what a log keeps about its pruned part.
  static func snapshotTargets(_ traffic: Traffic) -> [FuzzTarget] {
    let chain = traffic.chain
    let receipts = Samples.receipts(traffic)
    let proofs = receipts.map(\.certifiedBlock)
    let halves = [KeyPrefix(0, bits: 1), KeyPrefix(1, bits: 1)]
    let uneven = proofs.prefix(1).map { proof in
      SnapshotManifest(
        entryCount: 5, chunks: Array(repeating: Digest(1, 2, 3, 4), count: 2), prefixes: halves, proof: proof)
    }
    let manifests = proofs.prefix(4).enumerated().map { index, proof in
      SnapshotManifest(
        entryCount: 5, chunks: Array(repeating: Digest(1, 2, 3, 4), count: 1 << index), proof: proof)
    }
    return [
      codec(
        "certified-block", byteLimit: 8192,
        seeds: proofs.map { proof in bytes { proof.encode(into: &$0, chain: chain) } }
      ) {
        bytes in
        var reader = Reader(bytes.span.bytes)
        let proof = try CertifiedBlock(from: &reader, chain: chain)
        try reader.end()
        return proof
      } encode: { proof in
        FuzzTarget.bytes { proof.encode(into: &$0, chain: chain) }
      },
      codec("snapshot-manifest", byteLimit: 8192, seeds: (manifests + uneven).map { $0.encoded(chain) }) { bytes in
        try SnapshotManifest(bytes, chain: chain)
      } encode: { manifest in
        manifest.encoded(chain)
      },
      codec("log-base", byteLimit: 64, seeds: bases) { bytes in
        try LogBase(bytes)
      } encode: { base in
        base.encoded()
      },
      chunk(traffic),
      chunkFile(chain),
    ]
  }

  private static var bases: [[UInt8]] {
    [
      LogBase(height: Height(7), origin: .founded, votingBar: nil).encoded(),
      LogBase(
        height: Height(1 << 40), origin: .joined, votingBar: Round(epoch: .first, view: View(12)), areVotesLost: true
      ).encoded(),
      LogBase(height: Height(9), origin: .joined, votingBar: Round(epoch: Epoch(3), view: .genesis)).encoded(),
    ]
  }

  /// Promises that a chunk is determined by its bytes: no other bytes have the same digest.
  private static func chunk(_ traffic: Traffic) -> FuzzTarget {
    let suite = traffic.chain.suite
    var state = LedgerState(genesis: traffic.genesis)
    var hash = HashFunction(suite)
    var batch = StateEntryBatch()
    var cursor = PinnedCursor()
    state.pin()
    while state.copyPinned(&cursor, rows: 1000, into: &batch) {}
    state.unpin()
    var encoder = StateChunkEncoder()
    batch.forEach(hash: &hash) { encoder.add($0, key: $1) }
    let seed = encoder.finish()
    let digest = try? StateChunk(seed, index: 0, prefix: .all, hash: &hash).digest
    return FuzzTarget("state-chunk", byteLimit: 8192, seeds: [seed]) { (bytes) throws(BrokenPromise) in
      let chunk = try attempt {
        var hash = HashFunction(suite)
        return try StateChunk(bytes, index: 0, prefix: .all, hash: &hash)
      }
      guard let chunk, chunk.digest == digest else { return }
      try promise(bytes == seed, "\(Hex.encode(bytes)) has the digest of another chunk")
    }
  }

  /// Promises that, whatever the file contains, the pieces read from it stay the same and further pieces are written
  /// after them.
  private static func chunkFile(_ chain: ChainContext) -> FuzzTarget {
    let disk = MemoryDisk()
    if var file = try? ChunkFile.create(disk, name: "f", chain: chain.genesis) {
      for number in 0..<3 as Range<UInt32> { try? file.append(number, Array(repeating: 7, count: 20 * Int(number))) }
    }
    let seed = disk.contents(of: "f") ?? []
    return FuzzTarget("chunk-file", seeds: [seed]) { (bytes) throws(BrokenPromise) in
      let disk = MemoryDisk()
      disk.replaceContents(of: "f", with: bytes)
      let open = { try ChunkFile.open(disk, name: "f", chain: chain.genesis) }
      guard var file = try attempt(open) else { return }
      guard try attempt({ try file.dropDamaged() }) != nil else { throw BrokenPromise("a memory cannot be read") }
      let before = file.numbers
      guard try attempt({ try file.append(1 << 20, [1, 2, 3]) }) != nil, let again = try attempt(open) else {
        throw BrokenPromise("a file that was opened cannot be written and opened again")
      }
      for number in before.union([1 << 20]) {
        let pieces = [try? file.read(number), try? again.read(number)]
        try promise(pieces[0] == pieces[1] && pieces[0] != nil, "piece \(number) is lost: \(Hex.encode(bytes))")
      }
    }
  }
}
