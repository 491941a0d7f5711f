import Primitives

extension BlockLog {
  /// Creates a log in a directory that has none.
  package static func create(
    _ storage: Storage, owner: LogOwner, options: LogOptions = LogOptions()
  ) throws(LogError) -> BlockLog {
    let header = SegmentHeader(
      number: 1, byteCount: options.firstSegmentBytes, salt: options.salt, owner: owner)
    let removed: [String]
    do {
      let files = try storage.list()
      if files.contains(where: { SegmentHeader.number(ofFile: $0) != nil || $0 == PruneMark.file }) {
        throw LogError.exists
      }
      removed = try removeUnfinished(files, storage)
      try SegmentFile.make(header, on: storage)
    } catch let error as DiskError {
      throw LogError(error)
    } catch let error as LogError {
      throw error
    } catch {
      throw .noLog
    }
    let report = RecoveryReport(
      outcome: .created, segments: 1, records: 0, payloadBytes: 0, last: .start, lastHeight: .genesis,
      removedFiles: removed, rewrittenBytes: 0)
    return BlockLog(
      storage: storage, owner: owner, options: options, recovery: report, segments: [SegmentFile.empty(header)],
      active: 0, marked: false, pruned: nil)
  }

  /// Opens an existing log, repairs what a crash may have left (`RecoveryTable`), and reports what it did. When it
  /// returns, all records found are durable. Opening twice has the same effect as opening once.
  package static func open(
    _ storage: Storage, owner: LogOwner, options: LogOptions = LogOptions()
  ) throws(LogError) -> BlockLog {
    let pruned = try PruneMark.read(storage, owner: owner)
    let scan = try LogScan(
      storage, headers: LogScan.headers(in: storage, owner: owner, pruned: pruned), pruned: pruned)
    let outcome: RecoveryReport.Outcome
    var rewritten = 0
    let removed: [String]
    do {
      switch RecoveryTable.decide(scan.facts) {
      case .clean: outcome = .clean
      case .unclosed: outcome = .unclosed
      case .cut: outcome = .cut(try cut(scan, storage))
      case .refuse(let cause): throw LogError.damaged(scan.damage(cause))
      }
      rewritten = try rewriteUnproven(scan, storage)
      removed = try removeUnfinished(storage.list(), storage)
      // Complete a pruning that was interrupted.
      if let pruned { try pruned.removeSegments(storage) }
      // The node may have stopped after it named a segment but before it synced the directory.
      try storage.syncDirectory()
    } catch let error as DiskError {
      throw LogError(error)
    } catch let error as LogError {
      throw error
    } catch {
      throw .noLog
    }
    let report = RecoveryReport(
      outcome: outcome, segments: scan.segments.count, records: scan.records, payloadBytes: scan.payloadBytes,
      last: scan.last, lastHeight: scan.lastHeight, removedFiles: removed, rewrittenBytes: rewritten)
    return BlockLog(
      storage: storage, owner: owner, options: options, recovery: report, segments: scan.segments,
      active: scan.active, marked: scan.closed, pruned: pruned)
  }

  /// Clears everything from the fault on, in all segments, so that it is never read again.
  private static func cut(
    _ scan: LogScan<Storage>, _ storage: Storage
  ) throws -> RecoveryReport.CutTail {
    guard let fault = scan.fault else { preconditionFailure("nothing to cut in \(scan.facts)") }
    var cleared = 0
    for index in scan.segments.indices.dropFirst(fault.segment) {
      let segment = scan.segments[index]
      let start = index == fault.segment ? fault.offset : SegmentHeader.reservedBytes
      var window = SegmentWindow(storage, file: segment.fileName, end: segment.header.byteCount)
      let end = try window.lastNonZeroEnd(from: start)
      guard end > start else { continue }
      try SegmentFile.clear(segment.fileName, start..<end, on: storage)
      try storage.sync(segment.fileName)
      cleared += end - start
    }
    let cause =
      switch fault.finding {
      case .hole: "a record is missing"
      case .badHeader: "a record's header is half written"
      default: "a record's payload is half written"
      }
    return RecoveryReport.CutTail(
      file: scan.segments[fault.segment].fileName, offset: fault.offset, byteCount: cleared,
      position: LogPosition(scan.last.rawValue + 1), height: scan.lastHeight, cause: cause)
  }

  /// Makes the end of the log durable. The previous run of the node may have ended before its last sync, or after a
  /// sync that failed; reads may then show bytes that are only in the system's memory. Writing them again ensures that
  /// the next sync includes them.
  private static func rewriteUnproven(_ scan: LogScan<Storage>, _ storage: Storage) throws -> Int {
    let segment = scan.segments[scan.unproven.segment]
    let count = segment.end - scan.unproven.offset
    if count > 0 {
      var bytes = [UInt8](repeating: 0, count: count)
      let read = try storage.read(segment.fileName, at: scan.unproven.offset, into: &bytes)
      try storage.write(segment.fileName, at: scan.unproven.offset, bytes.span.bytes.extracting(0..<read))
    }
    try storage.sync(segment.fileName)
    return count
  }

  private static func removeUnfinished(_ files: [String], _ storage: Storage) throws(DiskError) -> [String] {
    let unfinished = files.filter { SegmentHeader.isUnfinished($0) }
    for file in unfinished { try storage.remove(file) }
    if !unfinished.isEmpty { try storage.syncDirectory() }
    return unfinished
  }
}

extension LogScan {
  /// Describes the place of the fault.
  func damage(_ cause: LogDamage.Cause) -> LogDamage {
    let place = fault ?? Fault(segment: active, offset: segments[active].end, height: lastHeight, finding: .zeros)
    let number = segments[place.segment].header.number + (cause == .missingSegment ? 1 : 0)
    return LogDamage(
      file: SegmentHeader.fileName(number), offset: place.offset, position: LogPosition(last.rawValue + 1),
      height: place.height, cause: cause)
  }
}
