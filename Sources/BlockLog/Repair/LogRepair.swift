package import Primitives

/// A record to stand where one was lost.
package struct ReplacementRecord: Hashable, Sendable {
  package var kind: UInt8
  package var height: Height
  package var payload: [UInt8]

  package init(kind: UInt8, height: Height, payload: [UInt8]) {
    self.kind = kind
    self.height = height
    self.payload = payload
  }
}

/// What stands where nothing can be put back: a record of this kind whose payload begins like this, and goes on
/// with zeros as far as the space goes.
package struct VoidRecord: Hashable, Sendable {
  /// The smallest record has room for so many bytes.
  package static let prefixBytes = 7

  package var kind: UInt8
  package var prefix: [UInt8]

  package init(kind: UInt8, prefix: [UInt8] = []) {
    precondition(kind != 0, "0 is no record kind")
    precondition(prefix.count <= VoidRecord.prefixBytes, "\(prefix.count) bytes do not fit in every record")
    self.kind = kind
    self.prefix = prefix
  }
}

/// Why a stretch is not rewritten as asked.
package enum RepairRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// More records than positions.
  case tooMany(records: Int, positions: Int)
  /// The records, and voids for the positions without one, need more bytes than there are.
  case tooLarge(needed: Int, room: Int)
  /// The records leave bytes over that no void takes.
  case notFilled(left: Int)
  case recordTooLarge(byteCount: Int)
  /// Records have kinds from 1 on.
  case noKind
  /// The running log still writes there, or the end of a log is rewritten only while it is closed.
  case inUse
  /// The segment is not the one that was looked at.
  case otherSegment

  package var description: String {
    switch self {
    case .tooMany(let records, let positions): "\(records) records for \(positions) positions"
    case .tooLarge(let needed, let room): "the records need \(needed) bytes, there are \(room)"
    case .notFilled(let left): "the records leave \(left) bytes over"
    case .recordTooLarge(let byteCount): "a record has \(byteCount) bytes, the limit is \(Limits.recordBytes)"
    case .noKind: "a record has kind 0"
    case .inUse: "the log is at work there"
    case .otherSegment: "the segment is missing or is not the one that was looked at"
    }
  }
}

/// The bytes for one stretch.
struct LogRepair {
  let stretch: DamagedStretch
  /// The first header; empty if only its payload is written, or if nothing stands here.
  private(set) var head: [UInt8] = []
  /// What follows the first header, and its offset in the file.
  private(set) var rest: [UInt8] = []
  private(set) var restOffset: Int
  /// Offset behind the last record or seal; zeros from here to the end of the stretch.
  private(set) var end: Int
  private(set) var records = 0

  init(_ stretch: DamagedStretch, _ replacements: [ReplacementRecord], void: VoidRecord) throws(RepairRefusal) {
    self.stretch = stretch
    restOffset = stretch.offset + RecordHeader.byteCount
    end = stretch.offset
    for record in replacements {
      guard record.kind != 0 else { throw .noKind }
      guard record.payload.count <= Limits.recordBytes else { throw .recordTooLarge(byteCount: record.payload.count) }
    }
    if stretch.reach == .segmentHeader {
      guard replacements.isEmpty else { throw .tooMany(records: replacements.count, positions: 0) }
      return
    }
    // Where no record fits besides the seal, none was.
    let none = stretch.reach == .logEnd && stretch.byteCount < 2 * RecordHeader.bareStride
    let count = none ? 0 : stretch.count ?? max(1, replacements.count)
    guard replacements.count <= count else { throw .tooMany(records: replacements.count, positions: count) }
    if stretch.isProven, putsBack(replacements) { return }
    try layOut(replacements, void, count)
  }

  /// Whether the one record is what the sound header says: then the header stays.
  private mutating func putsBack(_ replacements: [ReplacementRecord]) -> Bool {
    guard let header = stretch.header, let record = replacements.first, replacements.count == 1,
      record.kind == header.kind, record.height == header.height, record.payload.count == header.payloadBytes,
      Checksum.crc32c(record.payload.span.bytes) == header.payloadChecksum
    else { return false }
    rest = record.payload + [RecordHeader.guardByte]
    rest += [UInt8](repeating: 0, count: stretch.byteCount - RecordHeader.byteCount - rest.count)
    end = stretch.range.upperBound
    records = 1
    return true
  }

  private mutating func layOut(
    _ replacements: [ReplacementRecord], _ void: VoidRecord, _ count: Int
  ) throws(RepairRefusal) {
    let isExact = stretch.reach == .sound
    let largest = RecordHeader.stride(payloadBytes: Limits.recordBytes)
    let smallest = RecordHeader.bareStride
    let voids = count - replacements.count
    let filled = replacements.reduce(0) { $0 + RecordHeader.stride(payloadBytes: $1.payload.count) }
    // A segment always keeps room for its seal.
    let room = stretch.byteCount - (isExact || stretch.byteCount < smallest ? 0 : smallest)
    guard filled + voids * smallest <= room else { throw .tooLarge(needed: filled + voids * smallest, room: room) }
    // Before something sound every byte belongs to a record; elsewhere zeros may follow.
    var space = isExact ? room - filled : voids * smallest
    var sizes: [Int] = []
    for left in stride(from: voids, to: 0, by: -1) {
      let size = left == 1 ? min(space, largest) : max(smallest, min(largest, space - (left - 1) * largest))
      sizes.append(size)
      space -= size
    }
    // Marks and seals repeat a position: they fill what stood between two records.
    if isExact, count == 0 {
      guard space % smallest == 0 else { throw .notFilled(left: space) }
    } else {
      guard space == 0 else { throw .notFilled(left: space) }
    }

    let binding = stretch.segment.binding
    var bytes: [UInt8] = []
    var position = stretch.first
    func add(_ kind: UInt8, _ height: Height, _ payload: [UInt8]) {
      let header = RecordHeader(
        sort: .record, kind: kind, payloadBytes: payload.count, position: position, durable: stretch.durable,
        height: height, payloadChecksum: Checksum.crc32c(payload.span.bytes))
      RecordHeader.write(header, payload: payload.span.bytes, binding: binding, to: &bytes)
      position = LogPosition(position.rawValue + 1)
    }
    for record in replacements { add(record.kind, record.height, record.payload) }
    for size in sizes {
      // A payload of this length and its guard fill the record but for no padding.
      let payloadBytes = min(size - RecordHeader.byteCount - 1, Limits.recordBytes)
      add(
        void.kind, .genesis, void.prefix + [UInt8](repeating: 0, count: payloadBytes - void.prefix.count))
    }
    let before = LogPosition(position.rawValue - 1)
    if isExact {
      while space > 0 {
        RecordHeader.write(
          .bare(.mark, position: before, durable: before), payload: RawSpan(), binding: binding, to: &bytes)
        space -= smallest
      }
    } else if stretch.reach == .segmentEnd, stretch.byteCount >= smallest {
      let seal = RecordHeader.bare(.seal, position: before, durable: min(stretch.durable, before))
      RecordHeader.write(seal, payload: RawSpan(), binding: binding, to: &bytes)
    }
    end = stretch.offset + bytes.count
    head = Array(bytes.prefix(RecordHeader.byteCount))
    rest = Array(bytes.dropFirst(RecordHeader.byteCount))
    records = count
  }

  /// Writes and syncs. Until it returns, whatever a crash keeps of it is found damaged again:
  ///
  /// 1. The first header is made one that no start takes for half written, nor for sound.
  /// 2. Behind it everything is written.
  /// 3. The first header is written.
  ///
  /// Only the payload of a record whose header is sound, and for which a durable mark speaks, is written at once.
  func apply(_ storage: some Disk) throws(DiskError) {
    let file = stretch.file
    if stretch.reach == .segmentHeader {
      let page = stretch.segment.encoded
      let zeros = [UInt8](repeating: 0, count: SegmentHeader.reservedBytes - page.count)
      try storage.write(file, at: 0, (page + zeros).span.bytes)
      return try storage.sync(file)
    }
    if !head.isEmpty {
      var poison = [UInt8](repeating: 0x58, count: RecordHeader.byteCount)
      poison[RecordHeader.byteCount - 1] = RecordHeader.guardByte
      try storage.write(file, at: stretch.offset, poison.span.bytes)
      try storage.sync(file)
    }
    if !rest.isEmpty { try storage.write(file, at: restOffset, rest.span.bytes) }
    if end < stretch.range.upperBound {
      try SegmentFile.clear(file, max(end, head.isEmpty ? 0 : restOffset)..<stretch.range.upperBound, on: storage)
    }
    if stretch.reach == .logEnd { try clearBehind(storage) }
    try storage.sync(file)
    guard !head.isEmpty else { return }
    try storage.write(file, at: stretch.offset, head.span.bytes)
    try storage.sync(file)
  }

  /// Clears the segments behind the stretch's one.
  private func clearBehind<Storage: Disk>(_ storage: Storage) throws(DiskError) {
    for file in try storage.list() {
      guard let number = SegmentHeader.number(ofFile: file), number > stretch.segment.number,
        let size = try storage.size(of: file), size > SegmentHeader.reservedBytes
      else { continue }
      try SegmentFile.clear(file, SegmentHeader.reservedBytes..<size, on: storage)
      try storage.sync(file)
    }
  }
}
