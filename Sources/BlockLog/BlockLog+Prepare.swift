import Primitives

extension BlockLog {
  /// Prepares a part of the next segment. The disk thread calls this when it has nothing else to do. One step writes
  /// and syncs at most `stepBytes`, so work that arrives in the meantime waits only a few milliseconds.
  ///
  /// Nothing is prepared until the current segment is half full.
  /// - Returns: whether there is more to do.
  /// - Throws: the error of the disk, most often `disk.full`. The log is unharmed and continues in the space it has,
  ///   but the node should report the error now, while it still works, and try again later, not immediately.
  package mutating func prepareNext(stepBytes: Int = 4 << 20) throws(LogError) -> Bool {
    if let failure { throw failure }
    guard active + 1 == segments.count else { return false }
    guard flushed + batch.count - SegmentHeader.reservedBytes > room else { return false }
    do {
      return try prepareStep(nextSegmentHeader(byteCount: 0), stepBytes: stepBytes)
    } catch {
      try abandonPreparation(error)
      throw LogError(error)
    }
  }

  /// Prepares the whole next segment now, because a record needs it.
  mutating func prepareWhole(byteCount: Int) throws(LogError) {
    let header = nextSegmentHeader(byteCount: byteCount)
    do {
      while try prepareStep(header, stepBytes: header.byteCount) {}
    } catch {
      try abandonPreparation(error)
      throw fail(error)
    }
  }

  /// Removes the unfinished file to free its space. If the file already has its final name, a crash might or might not
  /// preserve that name, so the log stops.
  private mutating func abandonPreparation(_ error: DiskError) throws(LogError) {
    guard let abandoned = preparation else { return }
    preparation = nil
    if abandoned.done == abandoned.header.byteCount { throw fail(error) }
    // This is only tidying up: the next start removes the file, too.
    do { try storage.remove(abandoned.file) } catch {}
  }

  /// The header of the next segment, which has at least `byteCount` bytes.
  private func nextSegmentHeader(byteCount: Int) -> SegmentHeader {
    let grown = min(options.segmentBytes, segments[active].header.byteCount * 4)
    let newest = segments[segments.count - 1].header
    return SegmentHeader(
      number: newest.number + 1, byteCount: max(grown, (byteCount + 4095) & ~4095), salt: newest.salt, owner: owner)
  }

  private mutating func prepareStep(_ wanted: SegmentHeader, stepBytes: Int) throws(DiskError) -> Bool {
    // A preparation that was started for smaller records may be too small now.
    if let begun = preparation, begun.header.byteCount < wanted.byteCount { preparation = nil }
    if preparation == nil {
      // The new segment's pages take the memory of the segment that was sealed last.
      if active > 0 { storage.release(segments[active - 1].fileName) }
      preparation = SegmentPreparation(header: wanted, done: 0)
      try storage.create(SegmentHeader.unfinishedName(wanted.number), byteCount: wanted.byteCount)
    }
    guard var step = preparation else { return false }
    let end = min(step.header.byteCount, step.done + max(stepBytes, SegmentHeader.reservedBytes))
    try SegmentFile.fill(step.header, step.done..<end, as: step.file, on: storage)
    statistics.preparedBytes += end - step.done
    step.done = end
    preparation = step
    guard end == step.header.byteCount else { return true }
    try storage.rename(step.file, to: SegmentHeader.fileName(step.header.number))
    try storage.syncDirectory()
    preparation = nil
    segments.append(SegmentFile.empty(step.header))
    return false
  }
}
