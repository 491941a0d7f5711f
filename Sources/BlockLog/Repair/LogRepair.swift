import Primitives

/// The bytes for one damaged stretch: the records to put back, and voids for the rest.
package struct LogRepair {
  let stretch: DamagedStretch
  /// The first header; empty if only a payload is written, or if the stretch gets no record.
  private(set) var head: [UInt8] = []
  /// The bytes after the first header, and their offset in the file.
  private(set) var rest: [UInt8] = []
  private(set) var restOffset: Int
  /// Offset after the last record or seal; from here to the end of the stretch there are zeros.
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
    // If there is no room for a record and a seal, there was no record.
    let none = stretch.reach == .logEnd && stretch.byteCount < 2 * RecordHeader.bareStride
    let count = none ? 0 : stretch.count ?? max(1, replacements.count)
    guard replacements.count <= count else { throw .tooMany(records: replacements.count, positions: count) }
    if stretch.isProven, putsBack(replacements) { return }
    try layOut(replacements, void, count)
  }

  /// Whether the only replacement is exactly the record that the valid header describes; if so, the header is kept.
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
    // Every segment reserves room for its seal.
    let room = stretch.byteCount - (isExact || stretch.byteCount < smallest ? 0 : smallest)
    guard filled + voids * smallest <= room else { throw .tooLarge(needed: filled + voids * smallest, room: room) }
    // If something valid follows, every byte must belong to a record; otherwise zeros may follow.
    var space = isExact ? room - filled : voids * smallest
    var sizes: [Int] = []
    for left in stride(from: voids, to: 0, by: -1) {
      let size = left == 1 ? min(space, largest) : max(smallest, min(largest, space - (left - 1) * largest))
      sizes.append(size)
      space -= size
    }
    // If no position is lost, marks, which repeat a position, fill the space between two records.
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
      // With a payload of this length and its guard byte, the record needs no padding.
      let payloadBytes = min(size - RecordHeader.byteCount - 1, Limits.recordBytes)
      // Not zeros, or a start could take a void with a flipped bit for half written, and cut the log there.
      let filler = [UInt8](repeating: RecordHeader.guardByte, count: payloadBytes - void.prefix.count)
      add(void.kind, .genesis, void.prefix + filler)
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

  /// Writes the repair in three steps, each of them synced, so that a crash leaves either a log that is found damaged
  /// again or a repaired one:
  ///
  /// 1. Replace the first header with one that no start takes for half written or for valid.
  /// 2. Write everything after it.
  /// 3. Write the first header.
  ///
  /// A first page is written in a single step, and so is a payload whose valid header stays, because a durable mark
  /// covers its record.
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

  /// Clears all segments after that of the stretch.
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

extension LogRepair {
  /// Rewrites a stretch of a closed log, as `LogReader.survey` found it, in place and durably. Valid records keep their
  /// addresses, and the positions remain without a gap. A crash in the middle leaves a log that is found damaged again;
  /// survey it again and repair it again.
  ///
  /// - Parameters:
  ///   - replacements: records for the lost positions, in order; at most as many as are lost. Any subset of the lost
  ///     records fits.
  ///   - void: fills the positions and the space that have no replacement.
  /// - Throws: `repairRefused` before anything is changed; `disk`.
  package static func rewrite(
    _ stretch: DamagedStretch, with replacements: [ReplacementRecord], void: VoidRecord, on storage: some Disk
  ) throws(LogError) {
    let repair = try layOut(stretch, replacements, void)
    let isSame: Bool
    do throws(DiskError) {
      isSame = try Self.isSame(stretch, storage)
      if isSame { try repair.apply(storage) }
    } catch { throw LogError(error) }
    guard isSame else { throw refused(stretch, .otherSegment) }
  }

  static func layOut(
    _ stretch: DamagedStretch, _ replacements: [ReplacementRecord], _ void: VoidRecord
  ) throws(LogError) -> LogRepair {
    do throws(RepairRefusal) {
      return try LogRepair(stretch, replacements, void: void)
    } catch { throw refused(stretch, error) }
  }

  static func refused(_ stretch: DamagedStretch, _ refusal: RepairRefusal) -> LogError {
    .repairRefused(file: stretch.file, offset: stretch.offset, refusal)
  }

  /// Whether the file is still the segment that was surveyed.
  private static func isSame(_ stretch: DamagedStretch, _ storage: some Disk) throws(DiskError) -> Bool {
    guard try storage.size(of: stretch.file) != nil else { return false }
    if stretch.reach == .segmentHeader { return true }
    var bytes = [UInt8](repeating: 0, count: SegmentHeader.encodedBytes)
    let count = try storage.read(stretch.file, at: 0, into: &bytes)
    // A damaged page does not prove that it is another segment.
    guard let found = try? SegmentHeader(decoding: Array(bytes[..<count])) else { return true }
    return found == stretch.segment
  }
}
