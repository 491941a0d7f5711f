package import BlockLog
package import Primitives
package import Replica

/// The log with the facts that decide which part of it may be pruned.
package struct PrunableLog<Storage: Disk>: ~Copyable {
  package var log: BlockLog<Storage>
  private var book: SegmentRounds
  /// What the log says about voting, to be kept when a part of it is pruned.
  private var base: LogBase
  /// Own votes up to this round are no longer needed, because a round at or above theirs is final or is the voting bar.
  private var closed: Round

  /// - Parameter base: that of the whole log, as restored.
  package init(log: consuming BlockLog<Storage>, book: SegmentRounds, base: LogBase, closed: Round) {
    self.log = log
    self.book = book
    self.base = base
    self.closed = closed
  }

  /// Notes that a record was appended.
  package mutating func note(_ record: PendingRecord, in segment: UInt32) {
    book.note(record.kind.rawValue, payload: record.payload, in: segment)
    guard record.kind == VotingBar.entryKind, let bar = try? VotingBar(payload: record.payload) else { return }
    base.votingBar = Round(epoch: closed.epoch, view: bar.view)
    base.areVotesLost = false
  }

  package mutating func note(_ commit: Commit) {
    if let finalization = commit.finalization { closed = max(closed, finalization.round) }
  }

  /// The segments that may be pruned such that all blocks above `height` and all open votes remain, and the first
  /// remaining segment.
  package func leaving(above height: Height, _ index: ChainIndex) -> (segments: [LogSegment], firstKept: UInt32)? {
    let segments = log.segmentList
    guard let first = book.firstKept(of: segments, blocksAbove: height, votesAbove: closed, index) else {
      return nil
    }
    let leaving = segments.filter { $0.number < first }
    return leaving.isEmpty ? nil : (leaving, first)
  }

  /// Whether own votes in a segment may be about rounds that are not final.
  package func hasOpenVotes(in segment: UInt32) -> Bool { book.newestVote(in: segment) > closed }

  /// How the log began.
  package var origin: LogOrigin { base.origin }

  /// Whether the log says that own votes may be lost, and no bar was set since.
  package var areVotesLost: Bool { base.areVotesLost }

  /// Notes that a repair wrote that own votes may be lost.
  package mutating func noteLostVotes() { base.areVotesLost = true }

  /// Whether a start would need the voting bar: no round above it is final.
  package var isBarOpen: Bool { base.votingBar.map { $0 >= closed } ?? false }

  /// Makes the log begin at a segment. The blocks up to `height` are then no longer in it.
  package mutating func prune(before segment: UInt32, through height: Height) throws(LogError) {
    base.height = height
    try log.prune(before: segment, carry: base.encoded())
    book.forget(before: segment)
  }
}
