package import Primitives

/// The append-only log: the node's only truth. One owner, one thread.
///
/// Records are collected in memory by `append` and written together; `sync` makes everything appended so
/// far durable. Position k is the k-th record of the node's life, from 1.
///
/// After a write or sync that failed the log takes nothing more: every call answers the first error, because
/// a second sync could succeed without the bytes that the first one lost. Opening the log again recovers.
package struct BlockLog<Storage: Disk>: ~Copyable {
  package let storage: Storage
  /// Who writes it.
  package let owner: LogOwner
  let options: LogOptions
  /// What the last `open` or `create` found and did.
  package internal(set) var recovery: RecoveryReport

  /// All segments that were not pruned, by number; those behind `active` are empty and wait for use.
  var segments: [LogScan<Storage>.Segment]
  /// Index of the segment that is written.
  var active: Int
  /// Offset of the first byte of `batch` in the active segment.
  var flushed: Int
  /// Records that are appended and not written yet.
  var batch: [UInt8] = []
  /// Whether something was written to the active segment since its last sync.
  var unsynced = false
  /// Whether the log ends with a clean-end mark.
  var marked: Bool
  var preparation: SegmentPreparation?
  var failure: LogError?

  /// Says where the log begins if its first segments were pruned, and keeps what the owner wanted to keep of them.
  package internal(set) var pruned: PruneMark?
  /// Offset in the active segment before which everything is synced.
  var syncedEnd: Int

  /// The position of the last record appended.
  package internal(set) var appended: LogPosition
  /// Everything up to here survives a crash.
  package internal(set) var durable: LogPosition
  package internal(set) var statistics = LogStatistics()
  /// Whether it takes nothing more.
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

  /// Whether the log names its writer. One of format version 1 does not.
  package var isNamed: Bool { pruned?.writer != nil || segments.contains { $0.header.writer != nil } }

  // MARK: Appending

  /// Adds a record. It is in memory until `flush` or `sync`; its position and address are final.
  ///
  /// - Parameter kind: any number but 0; the log does not look at it.
  package mutating func append(
    kind: UInt8, height: Height, payload: RawSpan
  ) throws(LogError) -> (position: LogPosition, address: RecordAddress) {
    precondition(kind != 0, "0 is no record kind")
    if let failure { throw failure }
    guard payload.byteCount <= Limits.recordBytes else { throw .recordTooLarge(byteCount: payload.byteCount) }
    let stride = RecordHeader.stride(payloadBytes: payload.byteCount)
    // A segment always keeps room for its seal.
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

  /// Hands what was appended to the operating system, in one write. Nothing is durable by that.
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

  /// Makes everything appended durable; returns the position up to which that is so.
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

  /// Makes everything durable and says so in the log, so that the next start knows that nothing is torn.
  /// The log takes nothing more.
  package mutating func close() throws(LogError) {
    if failure == .closed { return }
    _ = try sync()
    // A mark is not worth a segment: without room the next start just finds the log not closed.
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

  /// Keeps the first failure and returns it.
  mutating func fail(_ error: DiskError) -> LogError {
    let first = failure ?? LogError(error)
    failure = first
    return first
  }

  /// Bytes that are left in the active segment.
  var room: Int { segments[active].header.byteCount - flushed - batch.count }

  /// Goes on in the next segment that has room for `byteCount` bytes. What is in this one is durable first,
  /// so that no record of a later segment is ever without those before it.
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

  /// The record at an address that `append` returned, or that an earlier life of the log returned.
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
