import Primitives

extension BlockLog {
  /// The segments that the log has, by number. The last may be prepared ahead and empty.
  package var segmentList: [LogSegment] {
    segments.enumerated().map { index, segment in
      LogSegment(
        number: segment.header.number, first: segment.first, last: segment.last,
        firstHeight: segment.firstHeight, lastHeight: segment.lastHeight, byteCount: segment.header.byteCount,
        isSealed: index < active)
    }
  }

  /// The numbers of the first segment and of the one that is written. While they stay, so do the sealed segments.
  package var extent: ClosedRange<UInt32> { segments[0].header.number...segments[active].header.number }

  /// Lets the log begin at this segment and removes those before it, all of them sealed. Positions and
  /// addresses of what is left stay what they are.
  ///
  /// The mark that says so is durable before the first file is removed, so a crash leaves the log as it was or
  /// pruned, and the next start ends the removal. An error leaves the log working; pruning again ends the
  /// removal, too.
  /// - Parameter carry: what the owner wants to keep of the pruned part, at most `Limits.logCarryBytes`; it
  ///   replaces the carry of the pruning before.
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
