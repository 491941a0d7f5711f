import Primitives

/// Iterates over the records of a log in order.
package struct LogCursor<Storage: Disk> {
  private let segments: [LogScan<Storage>.Segment]
  private var window: SegmentWindow<Storage>
  private var index: Int
  private var offset: Int
  private let from: LogPosition

  init(_ storage: Storage, segments: [LogScan<Storage>.Segment], from: LogPosition) {
    self.segments = segments
    self.from = from
    // The last segment that begins at or before the position.
    index = segments.lastIndex { $0.first.map { $0 <= from } ?? false } ?? 0
    offset = SegmentHeader.reservedBytes
    window = SegmentWindow(storage, file: segments[index].fileName, end: segments[index].end)
  }

  /// The next record, nil after the last one.
  package mutating func next() throws(LogError) -> LogRecord? {
    while true {
      let segment = segments[index]
      guard segment.end - offset >= RecordHeader.byteCount else {
        guard index + 1 < segments.count else { return nil }
        index += 1
        offset = SegmentHeader.reservedBytes
        window.move(to: segments[index].fileName, end: segments[index].end)
        continue
      }
      let address = RecordAddress(segment: segment.header.number, offset: UInt32(offset))
      let start = try window.load(offset, RecordHeader.byteCount)
      guard let header = window.readHeader(at: start, binding: segment.binding),
        header.stride <= segment.end - offset
      else { throw .noRecord(address) }
      defer { offset += header.stride }
      if header.sort != .record || header.position < from { continue }
      let payload = try window.load(offset, header.stride) + RecordHeader.byteCount
      let range = payload..<payload + header.payloadBytes
      guard window.checksum(range) == header.payloadChecksum else {
        throw .damaged(RecordReading.damage(header, address))
      }
      return LogRecord(
        position: header.position, address: address, kind: header.kind, height: header.height,
        payload: window.copy(range))
    }
  }
}
