package import BlockLog
internal import Cryptography
package import Ledger
internal import Logging
package import NodeCore
package import Primitives
package import Replica
internal import Synchronization

/// Loads a ledger's state from a stored snapshot, hashing on several threads.
package enum StateLoading {
  /// Checks everything, including the signatures of the validators of its epoch, and loads the state.
  package static func load(
    _ stored: StoredSnapshot<FileDisk>, of validators: ValidatorSet, genesis: Genesis, threads: Int
  ) throws(SnapshotFault) -> LoadedState {
    do throws(SnapshotError) {
      try stored.manifest.verify(genesis.chain, validators: validators)
    } catch {
      throw .content(error)
    }
    var chunks = ParallelChunks(stored, suite: genesis.suite, threads: threads)
    defer { chunks.stop() }
    return try SnapshotLoading.load(stored.manifest, genesis: genesis, from: &chunks)
  }
}
