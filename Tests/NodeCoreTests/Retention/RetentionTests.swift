import NodeCore
import Primitives
import Replica
import TestHarness
import Testing

@testable import BlockLog

@Testing.Suite("How much of the log is kept")
struct RetentionTests {
  @Test("Nothing above the snapshot is removed, and no more than the settings allow")
  func limit() {
    let retention = Retention(kept: 10)
    #expect(retention.limit(snapshot: Height(50), tip: Height(100)) == Height(50))
    #expect(retention.limit(snapshot: Height(95), tip: Height(100)) == Height(90))
    #expect(retention.limit(snapshot: Height(5), tip: Height(10)) == nil)
    #expect(retention.limit(snapshot: Height(5), tip: Height(11)) == Height(1))
  }

  @Test("With 0 everything is kept")
  func all() {
    #expect(Retention(kept: 0).limit(snapshot: Height(50), tip: Height(100)) == nil)
  }

  private func digest(_ height: UInt64) -> Digest { Digest(height, 1, 1, 1) }

  /// An index of blocks that lie in the given segments, with the finalizations of some.
  private func index(_ blocks: [UInt32], finalizations: [UInt64: UInt32]) -> ChainIndex {
    var index = ChainIndex()
    for (height, segment) in finalizations {
      index.note(.finalization, of: digest(height), height: .genesis, at: RecordAddress(segment: segment, offset: 1))
    }
    for (height, segment) in zip(UInt64(1)..., blocks) {
      index.note(.block, of: digest(height), height: Height(height), at: RecordAddress(segment: segment, offset: 2))
      index.note(.execution, of: digest(height), height: Height(height), at: RecordAddress(segment: segment, offset: 3))
      let isCommitted = index.commit(digest(height), at: Height(height))
      #expect(isCommitted)
    }
    return index
  }

  private func segments(_ count: UInt32) -> [LogSegment] {
    (1...count).map { number in
      LogSegment(
        number: number, first: LogPosition(UInt64(number)), last: LogPosition(UInt64(number)), firstHeight: nil,
        lastHeight: nil, byteCount: 100, isSealed: number < count)
    }
  }

  @Test("A segment stays while it holds the proof of a later block, written before the block when the node caught up")
  func earlyFinalization() {
    let index = index([1, 2, 3, 3], finalizations: [1: 1, 4: 2])
    #expect(index.firstSegment(above: Height(2)) == 2)
    let rounds = SegmentRounds()
    #expect(rounds.firstKept(of: segments(4), blocksAbove: Height(2), votesAbove: .genesis, index) == 2)
    // Without that proof, only the blocks count.
    let bare = self.index([1, 2, 3, 3], finalizations: [1: 1])
    #expect(rounds.firstKept(of: segments(4), blocksAbove: Height(2), votesAbove: .genesis, bare) == 3)
  }

  @Test("A segment stays while it holds the finalization of a block that is still being fetched")
  func awaitedFinalization() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    try harness.finalize(try harness.chain(3))
    let certificates = harness.log.filter { $0.kind == Certificate.entryKind }
    let last = try #require(certificates.last)
    var rounds = SegmentRounds()
    rounds.note(last.kind.rawValue, payload: last.payload, in: 1)
    let round = try Certificate(payload: last.payload).statement.round
    let index = index([1, 2, 3], finalizations: [:])
    let before = Round(epoch: round.epoch, view: View(round.view.rawValue - 1))
    #expect(rounds.firstKept(of: segments(4), blocksAbove: Height(2), votesAbove: before, index) == 1)
    #expect(rounds.firstKept(of: segments(4), blocksAbove: Height(2), votesAbove: round, index) == 3)
  }

  @Test(
    "A segment stays while it holds an own vote, or a statement that is not signed yet, of a view that is not final")
  func openVotes() throws {
    for isSignerElsewhere in [false, true] {
      let harness = try ReplicaHarness(validators: 4, own: 0, isSignerElsewhere: isSignerElsewhere)
      harness.run(milliseconds: 5000)
      try harness.propose(try harness.chain(1)[0], view: 1)
      let record = try #require(harness.log.last { $0.kind == (isSignerElsewhere ? .statement : .vote) })
      var rounds = SegmentRounds()
      rounds.note(record.kind.rawValue, payload: record.payload, in: 1)
      let index = index([1, 2, 3], finalizations: [:])
      let round = Round(epoch: .first, view: View(1))
      #expect(rounds.firstKept(of: segments(4), blocksAbove: Height(2), votesAbove: .genesis, index) == 1)
      #expect(rounds.firstKept(of: segments(4), blocksAbove: Height(2), votesAbove: round, index) == 3)
    }
  }

  @Test("A record in a segment that was removed is not taken over by a block that comes later")
  func removedRecord() {
    var index = index([1, 2], finalizations: [3: 1])
    index.prune(through: Height(1), before: 2)
    for part in [BlockPart.block, .execution] {
      index.note(part, of: digest(3), height: Height(3), at: RecordAddress(segment: 2, offset: 9))
    }
    let isCommitted = index.commit(digest(3), at: Height(3))
    #expect(isCommitted)
    #expect(index[Height(3)] != nil)
    #expect(index[Height(3)]?.finalization == nil)
  }
}
