internal import BlockLog
internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives

/// Finds the open holds in snapshots: an index that begins above a gap cannot know them from the blocks above it.
package struct SnapshotHolds: Sendable {
  /// The heights of the snapshots, ascending.
  var heights: @Sendable () throws(SnapshotFault) -> [Height]
  /// The holds that are open after a block of which there is a snapshot.
  var read: @Sendable (Height) throws(SnapshotFault) -> [Hold]

  package static let none = SnapshotHolds(heights: { [] }, read: { _ in [] })
}

extension SnapshotHolds {
  init(_ snapshots: SnapshotStore<FileDisk>, genesis: Genesis, store: ChainStore) {
    self.init(
      heights: { () throws(SnapshotFault) in try snapshots.heights() },
      read: { (height) throws(SnapshotFault) in
        try Self.holds(in: snapshots.open(height), genesis, store.closings)
      })
  }

  /// Verifies the snapshot, one chunk at a time, and keeps only the holds.
  private static func holds(
    in stored: StoredSnapshot<FileDisk>, _ genesis: Genesis, _ closings: ClosingBook
  ) throws(SnapshotFault) -> [Hold] {
    let validators = try stored.validators(closings, genesis)
    do throws(SnapshotError) {
      try stored.manifest.verify(genesis.chain, validators: validators)
    } catch {
      throw .content(error)
    }
    var hash = HashFunction(genesis.suite)
    var holds: [Hold] = []
    for index in stored.manifest.chunks.indices {
      for case .hold(let hold) in try stored.decodedChunk(index, hash: &hash).entries { holds.append(hold) }
    }
    return holds
  }
}
