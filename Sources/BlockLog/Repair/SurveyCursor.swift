import Primitives

/// Iterates over the valid records of a log and the damaged stretches between them, in order.
package struct SurveyCursor<Storage: Disk> {
  package enum Entry: Hashable, Sendable {
    case record(LogRecord)
    case stretch(DamagedStretch)
  }

  private let segments: [LogScan<Storage>.Segment]
  private let stretches: [DamagedStretch]
  private var next = 0
  private var window: SegmentWindow<Storage>
  private var index = 0
  private var offset = SegmentHeader.reservedBytes

  init(_ storage: Storage, segments: [LogScan<Storage>.Segment], stretches: [DamagedStretch]) {
    self.segments = segments
    self.stretches = stretches
    window = SegmentWindow(storage, file: segments[0].fileName, end: segments[0].header.byteCount)
  }

  /// The next record or stretch, nil after the last one.
  package mutating func nextEntry() throws(LogError) -> Entry? {
    while true {
      let segment = segments[index]
      if next < stretches.count, stretches[next].segment.number == segment.header.number,
        stretches[next].offset <= offset || offset >= segment.end
      {
        defer { next += 1 }
        offset = max(offset, stretches[next].range.upperBound)
        return .stretch(stretches[next])
      }
      guard segment.end - offset >= RecordHeader.byteCount else {
        if next < stretches.count, stretches[next].segment.number == segment.header.number { continue }
        guard index + 1 < segments.count else { return nil }
        index += 1
        offset = SegmentHeader.reservedBytes
        window.move(to: segments[index].fileName, end: segments[index].header.byteCount)
        continue
      }
      let address = RecordAddress(segment: segment.header.number, offset: UInt32(offset))
      let start = try window.load(offset, RecordHeader.byteCount)
      guard let header = window.readHeader(at: start, binding: segment.binding),
        header.stride <= segment.end - offset
      else { throw .noRecord(address) }
      defer { offset += header.stride }
      guard header.sort == .record else { continue }
      let payload = try window.load(offset, header.stride) + RecordHeader.byteCount
      let range = payload..<payload + header.payloadBytes
      guard window.checksum(range) == header.payloadChecksum else {
        throw .damaged(RecordReading.damage(header, address))
      }
      return .record(
        LogRecord(
          position: header.position, address: address, kind: header.kind, height: header.height,
          payload: window.copy(range)))
    }
  }
}
