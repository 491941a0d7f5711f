internal import BlockLog
internal import Primitives
internal import Replica

/// The log, and what the disk thread knows of it: what decides which part of it may leave.
struct LogHoldings: ~Copyable {
  var log: BlockLog<FileDisk>
  private(set) var book: SegmentBook
  /// What the log says about voting, for the part that stays.
  private(set) var base: LogBase
  /// The newest final view whose finalization the log holds.
  private(set) var finalView: View

  init(log: consuming BlockLog<FileDisk>, book: SegmentBook, base: LogBase, finalView: View) {
    self.log = log
    self.book = book
    self.base = base
    self.finalView = finalView
  }

  mutating func note(_ record: PendingRecord, in segment: UInt32) {
    book.note(record.kind.rawValue, payload: record.payload, in: segment)
    guard record.kind == .votingBar else { return }
    let bar = try? Reader.whole(record.payload) { (reader) throws(CodecError) in try reader.integer(UInt64.self) }
    base.votingBar = bar.map { View($0) }
    base.areVotesLost = false
  }

  mutating func note(_ commit: Commit) {
    if let finalization = commit.finalization { finalView = max(finalView, finalization.view) }
  }

  /// The segments that may leave so that all blocks above `height` stay, and the first that stays.
  func leaving(above height: Height, _ index: ChainIndex) -> (segments: [LogSegment], firstKept: UInt32)? {
    let segments = log.segmentList
    guard let first = book.firstKept(of: segments, blocksAbove: height, votesAbove: finalView, index) else { return nil }
    let leaving = segments.filter { $0.number < first }
    return leaving.isEmpty ? nil : (leaving, first)
  }

  /// Whether own votes in a segment may be about views that are not final.
  func hasOpenVotes(in segment: UInt32) -> Bool { book.newestVote(in: segment) > finalView }

  mutating func prune(before segment: UInt32, through height: Height) throws(LogError) {
    base.height = height
    try log.prune(before: segment, carry: base.encoded())
    book.forget(before: segment)
  }
}
