import Primitives

/// Walks over one segment, damaged places included, from each valid item to the next one.
struct SegmentWalk<Storage: Disk> {
  enum Step {
    case sound(RecordHeader, offset: Int)
    /// The header is valid, but the payload is not.
    case badPayload(RecordHeader, offset: Int, zerosExplain: Bool)
    /// Damage up to the walk's current place. `count` positions are lost, some of them in the gap before the segment,
    /// if any.
    case bad(Range<Int>, RecoveryFinding, count: Int)
    /// A valid item of a later position at the start of the segment; requires a `gap`. The walk stops before it.
    case jump(count: Int)
    /// A record of a later position directly after one that it does not follow.
    case misplaced(LogPosition, offset: Int)
    /// Nothing valid follows.
    case badToEnd(Range<Int>, RecoveryFinding)
    /// Zeros follow to the end.
    case zeros(offset: Int)
    /// The last step was a seal.
    case sealed
  }

  let header: SegmentHeader
  private let binding: UInt32
  private var window: SegmentWindow<Storage>
  private(set) var offset = SegmentHeader.reservedBytes
  /// The last position so far, including lost ones.
  private(set) var last: LogPosition
  /// Bytes before this segment in which the lost records may have been.
  private let gap: Int
  private var isSealed = false

  /// - Parameter file: the name of the segment's file, if it is not the usual one.
  init(
    _ storage: Storage, _ header: SegmentHeader, file: String? = nil, last: LogPosition, gap: Int = 0
  ) {
    self.header = header
    self.last = last
    self.gap = gap
    binding = header.binding
    window = SegmentWindow(
      storage, file: file ?? SegmentHeader.fileName(header.number), end: header.byteCount)
  }

  private var end: Int { header.byteCount }

  mutating func next() throws(LogError) -> Step {
    if isSealed { return .sealed }
    guard end - offset >= RecordHeader.byteCount else {
      // The rest is too short for a record, so no record was ever written there.
      guard try window.firstNonZero(from: offset) != nil else { return .zeros(offset: offset) }
      return .badToEnd(offset..<end, .hole)
    }
    let place = try window.load(offset, RecordHeader.byteCount)
    var finding: RecoveryFinding
    if let record = window.readHeader(at: place, binding: binding) {
      if record.stride <= end - offset {
        if record.before == last { return try take(record) }
        if record.before > last {
          guard offset == SegmentHeader.reservedBytes, let count = plausible(record, at: offset) else {
            return .misplaced(record.position, offset: offset)
          }
          last = record.before
          return .jump(count: count)
        }
      }
      finding = .misplaced(record.position)
    } else if window.isZero(place..<place + RecordHeader.byteCount) {
      guard try window.firstNonZero(from: offset) != nil else { return .zeros(offset: offset) }
      finding = .hole
    } else {
      let bytes = window.bytes
      finding = .badHeader(zerosExplain: bytes[place] == 0 || bytes[place + RecordHeader.byteCount - 1] == 0)
    }
    return try search(finding)
  }

  private mutating func take(_ record: RecordHeader) throws(LogError) -> Step {
    let start = offset
    let payload = try window.load(start, record.stride) + RecordHeader.byteCount
    offset += record.stride
    switch record.sort {
    case .mark: return .sound(record, offset: start)
    case .seal:
      isSealed = true
      return .sound(record, offset: start)
    case .record:
      last = record.position
      guard window.checksum(payload..<payload + record.payloadBytes) != record.payloadChecksum else {
        return .sound(record, offset: start)
      }
      let explained = window.zerosExplain(record, payload: payload, offset: start + RecordHeader.byteCount)
      return .badPayload(record, offset: start, zerosExplain: explained)
    }
  }

  /// Advances to the next valid header that may follow the lost records.
  private mutating func search(_ finding: RecoveryFinding) throws(LogError) -> Step {
    let start = offset
    let chunk = 1 << 20
    var lower = start + 8
    while end - lower >= RecordHeader.byteCount {
      // Chunks overlap by the size of a header, so that a header across the border is found.
      let count = min(chunk + RecordHeader.byteCount, end - lower)
      let place = try window.load(lower, count)
      for step in stride(from: 0, through: count - RecordHeader.byteCount, by: 8) {
        guard let record = window.readHeader(at: place + step, binding: binding),
          record.stride <= end - lower - step, let lost = plausible(record, at: lower + step)
        else { continue }
        offset = lower + step
        last = record.before
        return .bad(start..<offset, finding, count: lost)
      }
      lower += chunk
    }
    return .badToEnd(start..<end, finding)
  }

  /// How many positions are lost before this record, nil if they cannot have fitted into the space before it.
  private func plausible(_ record: RecordHeader, at place: Int) -> Int? {
    guard record.before >= last else { return nil }
    let lost = record.before.rawValue - last.rawValue
    guard lost <= UInt64((place - offset + gap) / RecordHeader.bareStride) else { return nil }
    return Int(lost)
  }
}

extension RecordHeader {
  /// The position of the last record before this one.
  var before: LogPosition { sort == .record ? LogPosition(position.rawValue - 1) : position }
}
