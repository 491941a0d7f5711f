package import BlockLog
package import Primitives
internal import Replica

/// What must be known about a log's segments before one may be pruned: the newest round that own votes and finalizations
/// in it are about.
///
/// Those of final rounds are no longer needed. Later votes keep a restarted node from contradicting them; a later
/// finalization proves a block that is still being fetched.
package struct SegmentRounds: Sendable {
  private var newestVotes: [UInt32: Round] = [:]
  private var newestFinalizations: [UInt32: Round] = [:]

  package init() {}

  package mutating func note(_ kind: UInt8, payload: [UInt8], in segment: UInt32) {
    switch kind {
    case Vote.entryKind.rawValue:
      guard let vote = try? Vote(payload: payload) else { return }
      newestVotes[segment] = max(newestVote(in: segment), vote.statement.round)
    case Statement.entryKind.rawValue:
      guard let statement = try? Statement(payload: payload) else { return }
      newestVotes[segment] = max(newestVote(in: segment), statement.round)
    case Certificate.entryKind.rawValue:
      guard let certificate = try? Certificate(payload: payload), certificate.statement.kind == .finalize else {
        return
      }
      newestFinalizations[segment] = max(newestFinalizations[segment] ?? .genesis, certificate.statement.round)
    default: return
    }
  }

  /// The first segment that must remain, such that all blocks above `height` with their proofs, and all votes and
  /// finalizations above `round` remain.
  ///
  /// - Parameter segments: the segments of the log, in order.
  package func firstKept(
    of segments: [LogSegment], blocksAbove height: Height, votesAbove round: Round, _ index: ChainIndex
  ) -> UInt32? {
    guard let next = height.next, index[next] != nil, let firstRecord = index.firstSegment(above: height) else {
      return nil
    }
    for segment in segments {
      guard segment.isSealed, segment.number < firstRecord, newestVote(in: segment.number) <= round,
        newestFinalizations[segment.number] ?? .genesis <= round
      else {
        return segment.number
      }
    }
    return nil
  }

  /// The newest round that own votes in the segment are about.
  package func newestVote(in segment: UInt32) -> Round { newestVotes[segment] ?? .genesis }

  package mutating func forget(before segment: UInt32) {
    newestVotes = newestVotes.filter { $0.key >= segment }
    newestFinalizations = newestFinalizations.filter { $0.key >= segment }
  }
}
