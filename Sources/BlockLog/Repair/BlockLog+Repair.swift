import Primitives

extension BlockLog {
  /// Rewrites a stretch of a log that is closed, as `LogReader.survey` found it, in place and durably. What was
  /// sound keeps its address, and positions stay without a gap. A crash in the middle leaves a log that is found
  /// damaged again: look at it again and repair it again.
  ///
  /// - Parameters:
  ///   - replacements: records for the lost positions, in order; at most as many as are lost. Each subset of the
  ///     lost records fits.
  ///   - void: fills the positions, and the space, without a replacement.
  /// - Throws: `repairRefused` before anything is changed; `disk`.
  package static func repair(
    _ storage: Storage, _ stretch: DamagedStretch, with replacements: [ReplacementRecord], void: VoidRecord
  ) throws(LogError) {
    let repair = try layOut(stretch, replacements, void)
    let isSame: Bool
    do throws(DiskError) {
      isSame = try Self.isSame(stretch, storage)
      if isSame { try repair.apply(storage) }
    } catch { throw LogError(error) }
    guard isSame else { throw refused(stretch, .otherSegment) }
  }

  /// The same in the running log: for a stretch of a sealed segment, or of the part of the last one that is synced.
  /// - Throws: `repairRefused` before anything is changed; `disk`, after which the log works on, unless the damage
  ///   is in the segment that it writes.
  package mutating func repair(
    _ stretch: DamagedStretch, with replacements: [ReplacementRecord], void: VoidRecord
  ) throws(LogError) {
    if let failure { throw failure }
    guard let index = index(ofSegment: stretch.segment.number), segments[index].header == stretch.segment else {
      throw Self.refused(stretch, .otherSegment)
    }
    guard index <= active, stretch.count != nil,
      index < active || stretch.reach == .segmentHeader
        || stretch.reach == .sound && stretch.range.upperBound <= syncedEnd
    else { throw Self.refused(stretch, .inUse) }
    let repair = try Self.layOut(stretch, replacements, void)
    do throws(DiskError) {
      try repair.apply(storage)
    } catch {
      // A sync that failed may have lost what the log wrote there.
      throw index == active ? fail(error) : LogError(error)
    }
    if stretch.reach == .segmentEnd { segments[index].end = repair.end }
    statistics.writtenBytes += stretch.byteCount
  }

  private static func layOut(
    _ stretch: DamagedStretch, _ replacements: [ReplacementRecord], _ void: VoidRecord
  ) throws(LogError) -> LogRepair {
    do throws(RepairRefusal) {
      return try LogRepair(stretch, replacements, void: void)
    } catch { throw refused(stretch, error) }
  }

  private static func refused(_ stretch: DamagedStretch, _ refusal: RepairRefusal) -> LogError {
    .repairRefused(file: stretch.file, offset: stretch.offset, refusal)
  }

  /// Whether the file still is the segment that was looked at.
  private static func isSame(_ stretch: DamagedStretch, _ storage: Storage) throws(DiskError) -> Bool {
    guard try storage.size(of: stretch.file) != nil else { return false }
    if stretch.reach == .segmentHeader { return true }
    var bytes = [UInt8](repeating: 0, count: SegmentHeader.encodedBytes)
    let count = try storage.read(stretch.file, at: 0, into: &bytes)
    // A damaged page is no other segment.
    guard let found = try? SegmentHeader(decoding: Array(bytes[..<count])) else { return true }
    return found == stretch.segment
  }
}
