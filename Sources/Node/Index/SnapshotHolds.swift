internal import BlockLog
internal import Cryptography
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives

/// Finds the open holds in snapshots: an index that begins above a gap cannot know them from the blocks above it.
package struct SnapshotHolds: Sendable {
  /// The height of the first snapshot that is not below a height; nil if there is none.
  var firstHeight: @Sendable (Height) -> Height?
  /// The holds that are open after a block of which there is a snapshot; nil if it cannot be read.
  var read: @Sendable (Height) -> [Hold]?

  package static let none = SnapshotHolds(firstHeight: { _ in nil }, read: { _ in nil })
}

extension SnapshotHolds {
  init(_ snapshots: SnapshotStore<FileDisk>, genesis: Genesis, store: ChainStore, logger: Logger) {
    self.init(
      firstHeight: { height in (try? snapshots.heights())?.first { $0 >= height } },
      read: { height in
        do throws(SnapshotFault) {
          return try Self.holds(in: snapshots.open(height), genesis, store.closings)
        } catch {
          logger.warning(
            "statements of accounts begin later: the snapshot of height \(height) cannot be read: \(error.explanation)",
            metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
          return nil
        }
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
