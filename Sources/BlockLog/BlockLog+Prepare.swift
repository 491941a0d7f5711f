import Primitives

/// A segment that is being made: a file of another name, filled with zeros step by step.
struct SegmentPreparation: Hashable, Sendable {
  var header: SegmentHeader
  /// Bytes of the file that are written and synced.
  var done: Int
  var file: String { SegmentHeader.unfinishedName(header.number) }
}

extension BlockLog {
  /// Does a little of the work for the next segment, for the disk thread to call when it has nothing else to
  /// do. A step writes and syncs at most `stepBytes`, so what arrives meanwhile waits a few milliseconds.
  ///
  /// Nothing is prepared before the current segment is half full.
  /// - Returns: whether there is more to do.
  /// - Throws: what the disk said, `disk.full` above all. The log is not harmed and goes on in the space it has;
  ///   but the node should say so now, while it still works, and ask again later, not at once.
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

  /// Makes the next segment now, because a record needs it.
  mutating func prepareWhole(byteCount: Int) throws(LogError) {
    let header = nextSegmentHeader(byteCount: byteCount)
    do {
      while try prepareStep(header, stepBytes: header.byteCount) {}
    } catch {
      try abandonPreparation(error)
      throw fail(error)
    }
  }

  /// Gives the space of the unfinished file back. If the file has its name already, it is not known whether a
  /// crash would keep that name: the log stops.
  private mutating func abandonPreparation(_ error: DiskError) throws(LogError) {
    guard let abandoned = preparation else { return }
    preparation = nil
    if abandoned.done == abandoned.header.byteCount { throw fail(error) }
    // Only tidiness: the next start removes the file, too.
    do { try storage.remove(abandoned.file) } catch {}
  }

  /// The next segment, of at least `byteCount` bytes.
  private func nextSegmentHeader(byteCount: Int) -> SegmentHeader {
    let grown = min(options.segmentBytes, segments[active].header.byteCount * 4)
    let newest = segments[segments.count - 1].header
    return SegmentHeader(
      number: newest.number + 1, byteCount: max(grown, (byteCount + 4095) & ~4095), salt: newest.salt, owner: owner)
  }

  private mutating func prepareStep(_ wanted: SegmentHeader, stepBytes: Int) throws(DiskError) -> Bool {
    // One that was begun for smaller records may be too small now.
    if let begun = preparation, begun.header.byteCount < wanted.byteCount { preparation = nil }
    if preparation == nil {
      // It takes the memory of the segment that was sealed last.
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

/// Making segment files.
enum SegmentFile {
  /// Small: the page cache keeps what is written at once in one piece, through all of which later small writes walk.
  private static let chunkBytes = 64 << 10

  static func empty<Storage: Disk>(_ header: SegmentHeader) -> LogScan<Storage>.Segment {
    LogScan<Storage>.Segment(
      header: header, binding: header.binding, first: nil, end: SegmentHeader.reservedBytes)
  }

  /// Makes the whole file at once.
  static func make(_ header: SegmentHeader, on storage: some Disk) throws(DiskError) {
    let file = SegmentHeader.unfinishedName(header.number)
    try storage.create(file, byteCount: header.byteCount)
    try fill(header, 0..<header.byteCount, as: file, on: storage)
    try storage.rename(file, to: SegmentHeader.fileName(header.number))
    try storage.syncDirectory()
  }

  /// Writes that part of a new segment, the header in it, and syncs.
  static func fill(
    _ header: SegmentHeader, _ range: Range<Int>, as file: String, on storage: some Disk
  ) throws(DiskError) {
    try clear(file, range, on: storage)
    if range.lowerBound == 0 { try storage.write(file, at: 0, header.encoded.span.bytes) }
    try storage.sync(file)
  }

  /// Writes zeros.
  static func clear(_ file: String, _ range: Range<Int>, on storage: some Disk) throws(DiskError) {
    let zeros = [UInt8](repeating: 0, count: min(chunkBytes, range.count))
    var offset = range.lowerBound
    while offset < range.upperBound {
      let count = min(zeros.count, range.upperBound - offset)
      try storage.write(file, at: offset, zeros.span.bytes.extracting(0..<count))
      offset += count
    }
  }
}
