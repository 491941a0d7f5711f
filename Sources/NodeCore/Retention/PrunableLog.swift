package import BlockLog
package import Primitives
package import Replica

/// The log, and what its owner knows of it: what decides which part of it may leave.
package struct PrunableLog<Storage: Disk>: ~Copyable {
  package var log: BlockLog<Storage>
  private var book: SegmentVotes
  /// What the log says about voting, for the part that stays.
  private var base: LogBase
  /// The newest final view whose finalization the log holds.
  private var finalView: View

  /// - Parameter base: of the whole log, as it was restored.
  package init(log: consuming BlockLog<Storage>, book: SegmentVotes, base: LogBase, finalView: View) {
    self.log = log
    self.book = book
    self.base = base
    self.finalView = finalView
  }

  /// A record was appended.
  package mutating func note(_ record: PendingRecord, in segment: UInt32) {
    book.note(record.kind.rawValue, payload: record.payload, in: segment)
    guard record.kind == .votingBar else { return }
    let bar = try? Reader.whole(record.payload) { (reader) throws(CodecError) in try reader.integer(UInt64.self) }
    base.votingBar = bar.map { View($0) }
    base.areVotesLost = false
  }

  package mutating func note(_ commit: Commit) {
    if let finalization = commit.finalization { finalView = max(finalView, finalization.view) }
  }

  /// The segments that may leave so that all blocks above `height` and all open votes stay, and the first that stays.
  package func leaving(above height: Height, _ index: ChainIndex) -> (segments: [LogSegment], firstKept: UInt32)? {
    let segments = log.segmentList
    guard let first = book.firstKept(of: segments, blocksAbove: height, votesAbove: finalView, index) else {
      return nil
    }
    let leaving = segments.filter { $0.number < first }
    return leaving.isEmpty ? nil : (leaving, first)
  }

  /// Whether own votes in a segment may be about views that are not final.
  package func hasOpenVotes(in segment: UInt32) -> Bool { book.newestVote(in: segment) > finalView }

  /// Lets the log begin at a segment. The blocks up to `height` are then not in it any more.
  package mutating func prune(before segment: UInt32, through height: Height) throws(LogError) {
    base.height = height
    try log.prune(before: segment, carry: base.encoded())
    book.forget(before: segment)
  }
}
