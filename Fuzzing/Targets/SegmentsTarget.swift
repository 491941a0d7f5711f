internal import BlockLog
internal import Primitives

extension FuzzTarget {
  private static let owner = LogOwner(
    chain: Digest(1, 2, 3, 4), writer: PublicKey(prefix: 2, body: Digest(5, 6, 7, 8)))
  private static let salt: UInt64 = 7

  /// One or two segments with arbitrary records, and possibly a prune mark: the bytes become files, for which
  /// `LogPromises` must hold.
  ///
  /// An input is a byte of choices, a byte for the repairs, and for each segment the length in two bytes and the bytes
  /// after its header. The remaining bytes are the prune mark.
  static func segments(_ traffic: Traffic) -> FuzzTarget {
    FuzzTarget("log-segments", byteLimit: 8192, mutations: 400, seeds: seeds(traffic)) {
      (bytes) throws(BrokenPromise) in
      var input = FuzzInput(bytes)
      let choices = input.byte()
      let repairs = input.byte()
      let disk = MemoryDisk()
      let isPruned = choices & 4 != 0
      // The lowest and the highest segment number that a mark may name.
      let first: UInt32 = isPruned ? (choices & 8 != 0 ? 1 << 31 : 2) : 1
      for number in first...first + (isPruned ? 0 : 1) + UInt32(choices & 1) {
        let length = input.word()
        let body = input.bytes(length)
        let header = SegmentHeader(number: number, byteCount: number == 1 ? 8192 : 16_384, salt: salt, owner: owner)
        var file = header.encoded
        file += [UInt8](repeating: 0, count: SegmentHeader.reservedBytes - file.count)
        let sound = choices & 2 != 0 ? withChecksums(body, header.binding) : body
        file += sound.prefix(header.byteCount - file.count)
        file += [UInt8](repeating: 0, count: header.byteCount - file.count)
        disk.replaceContents(of: SegmentHeader.fileName(number), with: file)
      }
      if isPruned {
        let position = LogPosition(max(1, input.long()))
        let mark = PruneMark(
          firstSegment: first, firstPosition: position, lastHeight: Height(input.long()), owner: owner,
          carry: input.bytes(32))
        disk.replaceContents(of: PruneMark.file, with: mark.encoded)
      }
      try LogPromises(owner: owner).check(disk, repairs)
    }
  }

  /// Corrects the checksums of everything that looks like a record.
  private static func withChecksums(_ body: [UInt8], _ binding: UInt32) -> [UInt8] {
    var bytes = body
    var offset = 0
    while offset + RecordHeader.byteCount <= bytes.count {
      guard RecordHeader.Sort(rawValue: bytes[offset]) != nil else {
        offset += 8
        continue
      }
      let length = (0..<4).reduce(0) { $0 | Int(bytes[offset + 2 + $1]) << (8 * $1) }
      let start = offset + RecordHeader.byteCount
      let end = min(start + length, bytes.count)
      let isWhole = start + length < bytes.count
      if isWhole, bytes[offset] == RecordHeader.Sort.record.rawValue {
        put(Checksum.crc32c(bytes.span.bytes.extracting(start..<end)), at: offset + 30, &bytes)
      }
      put(Checksum.crc32c(bytes.span.bytes.extracting(offset..<offset + 34), seed: binding), at: offset + 34, &bytes)
      offset += isWhole ? RecordHeader.stride(payloadBytes: length) : 8
    }
    return bytes
  }

  private static func put(_ sum: UInt32, at place: Int, _ bytes: inout [UInt8]) {
    for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * index)) }
  }

  /// Logs made from a node's small records.
  private static func seeds(_ traffic: Traffic) -> [[UInt8]] {
    let payloads = traffic.records.filter { $0.payload.count < 500 }.prefix(40)
    return [0, 1, 3, 12, 24, 40].flatMap { count -> [[UInt8]] in
      [false, true].compactMap { isClosed in
        let disk = MemoryDisk()
        let options = LogPromises(owner: owner).options
        guard var log = try? BlockLog.create(disk, owner: owner, options: options) else { return nil }
        for record in payloads.prefix(count) {
          _ = try? log.append(kind: record.kind, height: record.height, payload: record.payload)
          if record.position.rawValue % 3 == 0 { _ = try? log.sync() }
        }
        _ = try? log.sync()
        if isClosed { try? log.close() }
        let bodies = (1...UInt32(2)).map { number in
          var body = Array((disk.contents(of: SegmentHeader.fileName(number)) ?? []).dropFirst(4096))
          while body.last == 0 { body.removeLast() }
          return body
        }
        return [2, 0xFF] + bodies.flatMap { [UInt8($0.count & 255), UInt8($0.count >> 8)] + $0 }
      }
    }
  }
}
