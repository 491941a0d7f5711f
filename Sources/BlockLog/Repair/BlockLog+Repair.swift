import Primitives

extension BlockLog {
  /// Rewrites a stretch of the running log as `LogRepair.rewrite` does. The stretch must be in a sealed segment, in the
  /// synced part of the active one, or be the active segment's first page.
  /// - Throws: `repairRefused` before anything is changed; `disk`, after which the log continues to work unless the
  ///   damage is in the active segment.
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
      // The failed sync may have lost bytes that the log wrote there.
      throw index == active ? fail(error) : LogError(error)
    }
    if stretch.reach == .segmentEnd { segments[index].end = repair.end }
    statistics.writtenBytes += stretch.byteCount
  }
}
