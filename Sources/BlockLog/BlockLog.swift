package import Primitives

/// The append-only log, the node's only source of truth. It has one owner and is used from one thread.
///
/// `append` collects records in memory, and they are written together; `sync` makes everything appended so far durable.
/// Position k is the k-th record of the log, from 1.
///
/// After a failed write or sync, the log accepts nothing more and every call throws the first error, because a second
/// sync could succeed without the bytes that the first one lost. Opening the log again recovers it.
package struct BlockLog<Storage: Disk>: ~Copyable {
  package let storage: Storage
  /// The chain and the validator that the log belongs to.
  package let owner: LogOwner
  let options: LogOptions
  /// What the last `open` or `create` found and did.
  package internal(set) var recovery: RecoveryReport

  /// All segments that were not pruned, by number; those after `active` are empty and ready for use.
  var segments: [LogScan<Storage>.Segment]
  /// Index of the segment that is being written.
  var active: Int
  /// Offset of the first byte of `batch` in the active segment.
  var flushed: Int
  /// Records that were appended but not written yet.
  var batch: [UInt8] = []
  /// Whether the active segment was written to since its last sync.
  var unsynced = false
  /// Whether the log ends with a clean-end mark.
  var marked: Bool
  var preparation: SegmentPreparation?
  var failure: LogError?

  /// If the first segments were pruned: where the log begins, and the data that the owner kept from them.
  package internal(set) var pruned: PruneMark?
  /// Offset in the active segment before which everything is synced.
  var syncedEnd: Int

  /// The position of the last record appended.
  package internal(set) var appended: LogPosition
  /// Everything up to here survives a crash.
  package internal(set) var durable: LogPosition
  package internal(set) var statistics = LogStatistics()
  /// Whether the log accepts nothing more.
  package var hasFailed: Bool { failure != nil }

  init(
    storage: Storage, owner: LogOwner, options: LogOptions, recovery: RecoveryReport,
    segments: [LogScan<Storage>.Segment], active: Int, marked: Bool, pruned: PruneMark?
  ) {
    self.storage = storage
    self.owner = owner
    self.options = options
    self.recovery = recovery
    self.segments = segments
    self.active = active
    self.marked = marked
    self.pruned = pruned
    self.flushed = segments[active].end
    self.syncedEnd = segments[active].end
    self.appended = recovery.last
    self.durable = recovery.last
  }

  /// Whether the log names its writer. A log of format version 1 does not.
  package var isNamed: Bool { pruned?.writer != nil || segments.contains { $0.header.writer != nil } }

  // MARK: Appending

  /// Adds a record. It stays in memory until `flush` or `sync`, but its position and address are already final.
  /// - Parameter kind: any number but 0; the log does not look at it.
  package mutating func append(
    kind: UInt8, height: Height, payload: RawSpan
  ) throws(LogError) -> (position: LogPosition, address: RecordAddress) {
    precondition(kind != 0, "0 is not a record kind")
    if let failure { throw failure }
    guard payload.byteCount <= Limits.recordBytes else { throw .recordTooLarge(byteCount: payload.byteCount) }
    let stride = RecordHeader.stride(payloadBytes: payload.byteCount)
    // Every segment reserves room for its seal.
    if stride + RecordHeader.bareStride > room { try roll(toFit: stride) }

    let position = LogPosition(appended.rawValue + 1)
    let offset = flushed + batch.count
    write(
      RecordHeader(
        sort: .record, kind: kind, payloadBytes: payload.byteCount, position: position, durable: durable,
        height: height, payloadChecksum: Checksum.crc32c(payload)), payload)
    segments[active].note(position, height)
    appended = position
    marked = false
    statistics.records += 1
    statistics.payloadBytes += payload.byteCount
    if batch.count >= options.batchBytes { try flush() }
    return (position, RecordAddress(segment: segments[active].header.number, offset: UInt32(offset)))
  }

  package mutating func append(
    kind: UInt8, height: Height, payload: [UInt8]
  ) throws(LogError) -> (position: LogPosition, address: RecordAddress) {
    try append(kind: kind, height: height, payload: payload.span.bytes)
  }

  /// Hands everything appended to the operating system in one write. This does not make it durable.
  package mutating func flush() throws(LogError) {
    if let failure { throw failure }
    guard !batch.isEmpty else { return }
    do {
      try storage.write(segments[active].fileName, at: flushed, batch.span.bytes)
    } catch { throw fail(error) }
    statistics.writes += 1
    statistics.writtenBytes += batch.count
    flushed += batch.count
    segments[active].end = flushed
    batch.removeAll(keepingCapacity: true)
    unsynced = true
  }

  /// Makes everything appended durable and returns the position of the last durable record.
  package mutating func sync() throws(LogError) -> LogPosition {
    try flush()
    if unsynced {
      do { try storage.sync(segments[active].fileName) } catch { throw fail(error) }
      statistics.syncs += 1
      unsynced = false
      syncedEnd = flushed
    }
    durable = appended
    return durable
  }

  /// Makes everything durable and writes a clean-end mark, so that the next start knows that nothing is torn. The log
  /// accepts nothing more afterwards.
  package mutating func close() throws(LogError) {
    if failure == .closed { return }
    _ = try sync()
    // A mark does not justify a new segment: without it, the next start only finds that the log was not closed.
    if !marked, room >= 2 * RecordHeader.bareStride {
      write(.bare(.mark, position: appended, durable: durable), RawSpan())
      _ = try sync()
      marked = true
    }
    failure = .closed
  }

  private mutating func write(_ header: RecordHeader, _ payload: RawSpan) {
    RecordHeader.write(header, payload: payload, binding: segments[active].binding, to: &batch)
  }

  /// Records the first failure and returns it.
  mutating func fail(_ error: DiskError) -> LogError {
    let first = failure ?? LogError(error)
    failure = first
    return first
  }

  /// The number of bytes left in the active segment.
  var room: Int { segments[active].header.byteCount - flushed - batch.count }

  /// Continues in the next segment that has room for `byteCount` bytes. Syncs the current segment first, so that no
  /// record of a later segment can exist without the records before it.
  private mutating func roll(toFit byteCount: Int) throws(LogError) {
    let needed = SegmentHeader.reservedBytes + byteCount + RecordHeader.bareStride
    var next = active + 1
    while next == segments.count || segments[next].header.byteCount < needed {
      if next == segments.count { try prepareWhole(byteCount: needed) } else { next += 1 }
    }
    write(.bare(.seal, position: appended, durable: durable), RawSpan())
    _ = try sync()
    active = next
    flushed = segments[active].end
    syncedEnd = flushed
  }

  // MARK: Reading

  /// The record at an address that `append` returned, in this run or an earlier one.
  package func read(_ address: RecordAddress) throws(LogError) -> LogRecord {
    guard let index = index(ofSegment: address.segment) else { throw .noRecord(address) }
    let segment = segments[index]
    if index == active, Int(address.offset) >= flushed {
      return try RecordReading.record(
        at: Int(address.offset) - flushed, in: batch.span.bytes, binding: segment.binding, address: address)
    }
    return try RecordReading.read(address, segment.header, binding: segment.binding, from: storage)
  }

  /// The index of a segment that the log still has.
  func index(ofSegment number: UInt32) -> Int? {
    let first = segments[0].header.number
    guard number >= first, number - first < segments.count else { return nil }
    return Int(number - first)
  }

  /// The written records from a position on, in order. Records appended later are not part of it.
  package mutating func records(from position: LogPosition = LogPosition(1)) throws(LogError) -> LogCursor<Storage> {
    if failure == nil { try flush() }
    return LogCursor(storage, segments: segments, from: position)
  }
}

extension BlockLog: Sendable where Storage: Sendable {}

extension LogScan.Segment {
  var fileName: String { SegmentHeader.fileName(header.number) }
}
