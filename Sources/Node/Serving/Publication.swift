internal import Ledger
internal import NodeCore
internal import Primitives
internal import QueryIndex
internal import Replica
internal import Synchronization

/// Tells the rest of the node which blocks are final and can be read back from the store.
final class Publication: Sendable {
  private let point: Mutex<ChainPoint>
  private let heights: HeightWaiters
  private let reader: LedgerReader
  private let finality: FinalityWaiters
  private let counters: NodeCounters
  private let health: HealthMonitor
  private let keys: VoteKeys
  private let indexing: IndexThread?

  init(
    _ restored: ChainPoint, reader: LedgerReader, finality: FinalityWaiters, counters: NodeCounters,
    health: HealthMonitor, keys: VoteKeys, indexing: IndexThread?
  ) {
    point = Mutex(restored)
    heights = HeightWaiters(reached: restored.height)
    self.reader = reader
    self.finality = finality
    self.counters = counters
    self.health = health
    self.keys = keys
    self.indexing = indexing
  }

  /// The last final block that the store can serve. The replica may be ahead of the disk.
  var served: ChainPoint { point.withLock { $0 } }

  func advance(to new: ChainPoint) {
    point.withLock { if new.height > $0.height { $0 = new } }
    heights.advance(to: new.height)
  }

  /// Waits until `height` can be served, at most until `deadline`. False if it cannot by then.
  func wait(for height: Height, until deadline: ContinuousClock.Instant) async -> Bool {
    await heights.wait(for: height, until: deadline)
  }

  /// Ends every wait, because the node is stopping.
  func close() { heights.close() }

  /// Called on the log's thread.
  func publish(_ commits: [Commit]) {
    // Whoever learns of a block may immediately ask for the state after it.
    reader.follow(commits.compactMap(\.rows))
    // Advance first: whoever learns that a transaction is final may immediately ask for its height.
    if let last = commits.last { advance(to: last.point) }
    for commit in commits {
      finality.publish(commit)
      counters.count(commit)
      if let round = commit.finalization?.round { keys.final(round) }
    }
    guard !commits.isEmpty else { return }
    let now = Clock.now()
    health.note { diagnosis in
      for commit in commits {
        diagnosis.finalized(commit.height, commit.finalization?.round, commit.block.header.timestamp, now)
      }
    }
    indexing?.follow(commits.map { IndexedBlock(block: $0.block, outcomes: $0.execution.outcomes) })
  }
}
