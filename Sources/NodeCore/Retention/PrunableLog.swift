package import BlockLog
package import Ledger
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
  private let closings: ClosingStore<Storage>
  /// Closings that are not stored outside the log yet.
  private var unstored: [Closing]
  /// Whether some of them have not been tried yet.
  private var isStoringDue: Bool

  /// - Parameter base: that of the whole log, as restored.
  /// - Parameter unstored: closings that the log has and the store lacks.
  package init(
    log: consuming BlockLog<Storage>, book: SegmentRounds, base: LogBase, closed: Round,
    closings: ClosingStore<Storage>, unstored: [Closing] = []
  ) {
    self.log = log
    self.book = book
    self.base = base
    self.closed = closed
    self.closings = closings
    self.unstored = unstored
    isStoringDue = !unstored.isEmpty
  }

  /// Notes that a record was appended.
  package mutating func note(_ record: PendingRecord, in segment: UInt32) {
    book.note(record.kind.rawValue, payload: record.payload, in: segment)
    guard record.kind.loss == .votingState, let entry = try? DecodedEntry(record.kind, payload: record.payload) else {
      return
    }
    base.take(entry)
  }

  package mutating func note(_ commit: Commit) {
    if let finalization = commit.finalization { closed = max(closed, finalization.round) }
    if let closing = commit.closing {
      unstored.append(closing)
      isStoringDue = true
    }
    guard var bar = base.votingBar.map({ VotingBar($0) }) else { return }
    bar.take(commit)
    base.votingBar = bar.round
  }

  /// Notes closings that were fetched.
  package mutating func note(_ closings: [Closing]) {
    unstored += closings
    isStoringDue = true
  }

  /// Stores new closings, once. What fails is tried again before anything relies on it.
  package mutating func storeNewClosings() throws(DiskError) {
    guard isStoringDue else { return }
    isStoringDue = false
    try storeClosings()
  }

  /// Stores the closings that are not stored yet.
  package mutating func storeClosings() throws(DiskError) {
    try closings.store(&unstored)
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
  package mutating func noteLostVotes() { base.loseVotes() }

  /// Whether a start would need the voting bar: no round above it is final.
  package var isBarOpen: Bool { base.votingBar.map { $0 >= closed } ?? false }

  /// Makes the log begin at a segment. The blocks up to `height` are then no longer in it.
  package mutating func prune(before segment: UInt32, through height: Height) throws(LogError) {
    do throws(DiskError) {
      try storeClosings()
    } catch {
      throw .disk(error)
    }
    base.height = height
    try log.prune(before: segment, carry: base.encoded())
    book.forget(before: segment)
  }
}
