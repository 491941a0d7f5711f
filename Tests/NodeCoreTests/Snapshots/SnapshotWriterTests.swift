import BlockLog
import Cryptography
import Ledger
import NodeCore
import Primitives
import Testing

@Testing.Suite("Making snapshots")
struct SnapshotWriterTests {
  private func write(
    _ chain: GroundChain, to store: SnapshotStore<MemoryDisk>
  ) throws -> SnapshotManifest {
    let proof = try #require(chain.proof)
    let bound = chain.state.pinnedRowBound
    var writer = try SnapshotWriter(store, height: proof.height, bound: bound)
    try chain.copy { try writer.add($0) }
    return try writer.finish(proof: proof)
  }

  // With the second number, the entries do not fit into the writer's memory.
  @Test(
    "S4: records whose keys' digests all begin alike do not keep a snapshot from being made, sent and loaded",
    arguments: [(13_000, 2), (22_000, 3)])
  func groundKeys(records: Int, bits: Int) throws {
    let chain = try GroundChain(records: records, bits: bits)
    let store = SnapshotStore(MemoryDisk(), chain: GroundChain.genesis.chain)
    let manifest = try write(chain, to: store)
    // The node that joins has only what peers send.
    let sent = try SnapshotManifest(manifest.encoded(store.chain), chain: store.chain)
    #expect(sent == manifest)
    var hash = HashFunction(.p256SHA256)
    try sent.verify(store.chain, hash: &hash)
    let stored = try store.open(manifest.height)
    var loader = SnapshotLoader(sent, genesis: GroundChain.genesis)
    for index in sent.chunks.indices {
      let bytes = try stored.chunk(index)
      #expect(bytes.count <= Limits.snapshotChunkBytes)
      try loader.add(try sent.chunk(index, bytes, hash: &hash))
    }
    let (loaded, own) = (try loader.finish().tip, chain.state.tip)
    #expect(loaded == own)
  }
}
