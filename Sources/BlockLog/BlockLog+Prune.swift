import Primitives

extension BlockLog {
  /// The segments of the log, by number. The last one may be prepared ahead and empty.
  package var segmentList: [LogSegment] {
    segments.enumerated().map { index, segment in
      LogSegment(
        number: segment.header.number, first: segment.first, last: segment.last,
        firstHeight: segment.firstHeight, lastHeight: segment.lastHeight, byteCount: segment.header.byteCount,
        isSealed: index < active)
    }
  }

  /// The numbers of the first segment and of the active one. As long as they do not change, the set of sealed segments
  /// does not change either.
  package var extent: ClosedRange<UInt32> { segments[0].header.number...segments[active].header.number }

  /// Makes the log begin at this segment and removes all segments before it, which are all sealed. The positions and
  /// addresses of the remaining records do not change.
  ///
  /// The prune mark is durable before the first file is removed, so a crash leaves the log either unchanged or pruned,
  /// and the next start completes the removal. The log keeps working after an error; pruning again completes the
  /// removal, too.
  /// - Parameter carry: the data that the owner wants to keep from the pruned part, at most `Limits.logCarryBytes`; it
  ///   replaces the carry of the previous pruning.
  package mutating func prune(before segment: UInt32, carry: [UInt8]) throws(LogError) {
    if let failure { throw failure }
    guard carry.count <= Limits.logCarryBytes else { throw .carryTooLarge(byteCount: carry.count) }
    guard let index = index(ofSegment: segment), index <= active else { throw .notSealed(segment: segment) }
    guard index > 0 || pruned != nil else { return }
    var position = LogPosition(appended.rawValue + 1)
    if let first = segments[index...].lazy.compactMap(\.first).first { position = first }
    let height = segments[..<index].lazy.compactMap(\.lastHeight).last ?? pruned?.lastHeight ?? .genesis
    let mark = PruneMark(
      firstSegment: segment, firstPosition: position, lastHeight: height, owner: owner, carry: carry)
    do throws(DiskError) {
      try mark.write(storage)
      pruned = mark
      segments.removeSubrange(..<index)
      active -= index
      try mark.removeSegments(storage)
    } catch { throw LogError(error) }
  }
}
