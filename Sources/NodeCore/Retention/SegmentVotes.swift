package import BlockLog
package import Primitives
internal import Replica

/// What must be known of a log's segments before one may leave it: the newest view that own votes in it are about.
///
/// Votes of final views are of no use any more; those of later ones keep a restart from contradicting them.
package struct SegmentVotes: Sendable {
  private var newestVotes: [UInt32: View] = [:]

  package init() {}

  package mutating func note(_ kind: UInt8, payload: [UInt8], in segment: UInt32) {
    guard kind == RecordKind.vote.rawValue,
      let vote = try? Reader.whole(payload, { (reader) throws(CodecError) in try Vote(from: &reader) })
    else { return }
    newestVotes[segment] = max(newestVotes[segment] ?? .genesis, vote.statement.view)
  }

  /// The first segment that must stay, so that all blocks above `height` and all votes above the final `view` do.
  ///
  /// - Parameter segments: of the log, in order.
  package func firstKept(
    of segments: [LogSegment], blocksAbove height: Height, votesAbove view: View, _ index: ChainIndex
  ) -> UInt32? {
    // Where the records of the first block that stays begin: none of them may leave.
    guard let next = height.next, let entry = index[next] else { return nil }
    let firstRecord = min(entry.block.segment, entry.execution.segment, entry.finalization?.segment ?? .max)
    for segment in segments {
      guard segment.isSealed, segment.number < firstRecord, newestVotes[segment.number] ?? .genesis <= view else {
        return segment.number
      }
    }
    return nil
  }

  /// The newest view that own votes in the segment are about.
  package func newestVote(in segment: UInt32) -> View { newestVotes[segment] ?? .genesis }

  package mutating func forget(before segment: UInt32) {
    newestVotes = newestVotes.filter { $0.key >= segment }
  }
}
