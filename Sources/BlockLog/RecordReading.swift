import Primitives

/// Reads single records by address.
enum RecordReading {
  /// The record whose header is at `index` of `bytes`.
  static func record(
    at index: Int, in bytes: RawSpan, binding: UInt32, address: RecordAddress
  ) throws(LogError) -> LogRecord {
    guard let header = RecordHeader.read(bytes, at: index, binding: binding), header.sort == .record else {
      throw .noRecord(address)
    }
    let start = index + RecordHeader.byteCount
    guard bytes.byteCount - start >= header.payloadBytes else { throw .noRecord(address) }
    let payload = bytes.extracting(start..<start + header.payloadBytes)
    guard Checksum.crc32c(payload) == header.payloadChecksum else { throw .damaged(damage(header, address)) }
    return LogRecord(
      position: header.position, address: address, kind: header.kind, height: header.height,
      payload: payload.withUnsafeBytes { Array($0) })
  }

  /// Describes damage that is found when a record is read, long after the log was opened.
  static func damage(_ header: RecordHeader, _ address: RecordAddress) -> LogDamage {
    LogDamage(
      file: SegmentHeader.fileName(address.segment), offset: Int(address.offset), position: header.position,
      height: header.height, cause: .badPayload)
  }

  /// Reads a record from its file; a small record takes a single read.
  static func read(
    _ address: RecordAddress, _ segment: SegmentHeader, binding: UInt32, from storage: some Disk
  ) throws(LogError) -> LogRecord {
    let offset = Int(address.offset)
    let room = segment.byteCount - offset
    guard offset >= SegmentHeader.reservedBytes, offset & 7 == 0, room >= RecordHeader.byteCount else {
      throw .noRecord(address)
    }
    let file = SegmentHeader.fileName(segment.number)
    do {
      var buffer = [UInt8](repeating: 0, count: min(room, 4096))
      var count = try storage.read(file, at: offset, into: &buffer)
      guard let header = RecordHeader.read(buffer.span.bytes, at: 0, binding: binding), header.stride <= room else {
        throw LogError.noRecord(address)
      }
      if header.stride > count {
        buffer = [UInt8](repeating: 0, count: header.stride)
        count = try storage.read(file, at: offset, into: &buffer)
      }
      return try record(
        at: 0, in: buffer.span.bytes.extracting(0..<count), binding: binding, address: address)
    } catch let error as DiskError {
      throw LogError(error)
    } catch let error as LogError {
      throw error
    } catch {
      throw .noRecord(address)
    }
  }
}
