import Primitives

extension BlockLog {
  /// Rewrites a stretch of the running log as `LogRepair.rewrite` does: for a stretch of a sealed segment, or of the part of the last one that is synced.
  /// - Throws: `repairRefused` before anything is changed; `disk`, after which the log works on, unless the damage
  ///   is in the segment that it writes.
  package mutating func repair(
    _ stretch: DamagedStretch, with replacements: [ReplacementRecord], void: VoidRecord
  ) throws(LogError) {
    if let failure { throw failure }
    guard let index = index(ofSegment: stretch.segment.number), segments[index].header == stretch.segment else {
      throw LogRepair.refused(stretch, .otherSegment)
    }
    guard index <= active, stretch.count != nil,
      index < active || stretch.reach == .segmentHeader
        || stretch.reach == .sound && stretch.range.upperBound <= syncedEnd
    else { throw LogRepair.refused(stretch, .inUse) }
    let repair = try LogRepair.layOut(stretch, replacements, void)
    do throws(DiskError) {
      try repair.apply(storage)
    } catch {
      // A sync that failed may have lost what the log wrote there.
      throw index == active ? fail(error) : LogError(error)
    }
    if stretch.reach == .segmentEnd { segments[index].end = repair.end }
    statistics.writtenBytes += stretch.byteCount
  }
}
