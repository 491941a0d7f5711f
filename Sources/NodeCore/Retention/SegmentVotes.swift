package import BlockLog
package import Primitives
internal import Replica

/// What must be known about a log's segments before one may be pruned: the newest round that own votes in it are about.
///
/// Votes of final rounds are no longer needed; those of later rounds keep a restarted node from contradicting them.
package struct SegmentVotes: Sendable {
  private var newestVotes: [UInt32: Round] = [:]

  package init() {}

  package mutating func note(_ kind: UInt8, payload: [UInt8], in segment: UInt32) {
    guard kind == Vote.entryKind.rawValue, let vote = try? Vote(payload: payload) else { return }
    newestVotes[segment] = max(newestVotes[segment] ?? .genesis, vote.statement.round)
  }

  /// The first segment that must remain, such that all blocks above `height` and all votes above `round` remain.
  ///
  /// - Parameter segments: the segments of the log, in order.
  package func firstKept(
    of segments: [LogSegment], blocksAbove height: Height, votesAbove round: Round, _ index: ChainIndex
  ) -> UInt32? {
    // The segment where the records of the first remaining block begin; none of them may be removed.
    guard let next = height.next, let entry = index[next] else { return nil }
    let firstRecord = min(entry.block.segment, entry.execution.segment, entry.finalization?.segment ?? .max)
    for segment in segments {
      guard segment.isSealed, segment.number < firstRecord, newestVotes[segment.number] ?? .genesis <= round else {
        return segment.number
      }
    }
    return nil
  }

  /// The newest round that own votes in the segment are about.
  package func newestVote(in segment: UInt32) -> Round { newestVotes[segment] ?? .genesis }

  package mutating func forget(before segment: UInt32) {
    newestVotes = newestVotes.filter { $0.key >= segment }
  }
}
