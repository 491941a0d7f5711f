import BlockLog
import Cryptography
import Ledger
import NodeCore
import Primitives
import Replica
import Simulation
import TestHarness

/// What a node writes in its life, made once: the records of a chain, and snapshots of some of its heights. One of its blocks
/// may end the first epoch.
struct LifeScript {
  struct Copy {
    var bound: Int
    var batches: [StateEntryBatch]
  }

  /// Small segments, so that a short chain has several.
  static let options = LogOptions(firstSegmentBytes: 8192, segmentBytes: 8192, salt: 0x5EED, batchBytes: 64 << 10)

  let harness: ReplicaHarness
  let records: [PendingRecord]
  let commits: [Commit]
  /// How many records the log has once each block is final.
  private(set) var ends: [Int] = []
  private(set) var copies: [Height: Copy] = [:]

  var genesis: Genesis { harness.population.genesis }
  var owner: LogOwner { CoreHarness.owner(genesis, harness.own) }
  var last: Height { Height(UInt64(ends.count)) }

  init(blocks count: Int, snapshots: [UInt64], closing: UInt64? = nil) throws {
    // The node itself leads none of the views.
    harness = try ReplicaHarness(validators: count + 2, own: count + 1)
    var state = LedgerState(genesis: harness.population.genesis)
    for height in 1...UInt64(count) {
      let change = try height == closing ? harness.change(of: state.tip, timeout: 300) : harness.transaction()
      let block = harness.block([change], on: state.tip)
      _ = try state.execute(block)
      let point = state.tip
      let view = height - (closing.map { $0 < height ? $0 : 0 } ?? 0)
      try harness.propose(block, view: view, parent: view - 1)
      try harness.certify(block, view: view, parent: view - 1)
      harness.receive(
        .certificate(try harness.finalization(block, point, view: view, parent: view - 1)), from: harness.others[0])
      ends.append(harness.log.count)
      if height == closing { harness.epoch = Epoch(1) }
      state.settle(upTo: block.height)
      guard snapshots.contains(height) else { continue }
      var copy = Copy(bound: state.pinnedRowBound, batches: [])
      state.pin()
      var cursor = PinnedCursor()
      var isMore = true
      while isMore {
        var batch = StateEntryBatch()
        isMore = state.copyPinned(&cursor, rows: 16, into: &batch)
        copy.batches.append(batch)
      }
      state.unpin()
      copies[block.height] = copy
    }
    (records, commits) = (harness.log, harness.commits)
  }
}
