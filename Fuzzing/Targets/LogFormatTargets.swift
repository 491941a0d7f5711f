internal import BlockLog
internal import Primitives

extension FuzzTarget {
  /// The parts of the log's files. Inputs are also tried with corrected checksums, because otherwise no code behind the
  /// checks would be reached.
  static func logFormatTargets(_ traffic: Traffic) -> [FuzzTarget] {
    let header = SegmentHeader(number: 1, byteCount: 8192, salt: 7, owner: traffic.logOwner)
    let binding = header.binding
    let mark = PruneMark(
      firstSegment: 2, firstPosition: LogPosition(9), lastHeight: Height(3), owner: traffic.logOwner,
      carry: [1, 2, 3])
    let records = headers(of: header)
    return [
      codec("segment-header", byteLimit: 128, seeds: [header.encoded]) { bytes in
        // The header is the first part of a page; the bytes after it do not belong to it.
        guard bytes.count <= SegmentHeader.encodedBytes else { throw BrokenPromise("not the header alone") }
        return try SegmentHeader(decoding: bytes)
      } encode: { header in
        header.encoded
      }.summing { $0.count == SegmentHeader.encodedBytes ? summed($0, 68) : $0 },
      codec("prune-mark", seeds: [mark.encoded]) { bytes in
        try PruneMark(decoding: bytes)
      } encode: { mark in
        mark.encoded
      }.summing { $0.count >= 4 ? summed($0, $0.count - 4) : $0 },
      codec("record-header", byteLimit: 64, seeds: records) { bytes in
        guard bytes.count == RecordHeader.byteCount else { throw BrokenPromise("no header has this length") }
        guard let header = RecordHeader.read(bytes.span.bytes, at: 0, binding: binding) else {
          throw BrokenPromise("no header")
        }
        return header
      } encode: { header in
        var bytes: [UInt8] = []
        RecordHeader.writeHeader(header, binding: binding, to: &bytes)
        return bytes
      }.summing { bytes in
        guard bytes.count == RecordHeader.byteCount else { return bytes }
        return summed(Array(bytes[..<34]) + [0, 0, 0, 0] + bytes[38...], 34, seed: binding)
      },
    ]
  }

  /// The headers of a record and of the mark after it, in a log whose first segment has this header.
  private static func headers(of header: SegmentHeader) -> [[UInt8]] {
    let disk = MemoryDisk()
    let options = LogOptions(firstSegmentBytes: header.byteCount, salt: header.salt)
    guard var log = try? BlockLog.create(disk, owner: header.owner, options: options) else { return [] }
    _ = try? log.append(kind: 2, height: Height(3), payload: [UInt8](repeating: 1, count: 100))
    try? log.close()
    let bytes = disk.contents(of: SegmentHeader.fileName(header.number)) ?? []
    let mark = SegmentHeader.reservedBytes + RecordHeader.stride(payloadBytes: 100)
    return [SegmentHeader.reservedBytes, mark].map { Array(bytes.dropFirst($0).prefix(RecordHeader.byteCount)) }
  }

  /// The same target, which tries each input unchanged and then as `change` returns it.
  private func summing(_ change: @escaping @Sendable ([UInt8]) -> [UInt8]) -> FuzzTarget {
    FuzzTarget(name, byteLimit: byteLimit, mutations: mutations, seeds: seeds) { (bytes) throws(BrokenPromise) in
      try run(bytes)
      try run(change(bytes))
    }
  }

  /// The bytes, with the checksum of everything before `place` written at `place`.
  static func summed(_ bytes: [UInt8], _ place: Int, seed: UInt32 = 0) -> [UInt8] {
    var bytes = bytes
    let sum = Checksum.crc32c(bytes.span.bytes.extracting(0..<place), seed: seed)
    for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * index)) }
    return bytes
  }
}
