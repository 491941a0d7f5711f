package import Primitives

/// The header before each record's payload.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 1 | sort: 0x52 `R` record, 0x4D `M` clean-end mark, 0x53 `S` seal |
/// | 1 | 1 | kind, never 0 in a record and always 0 elsewhere |
/// | 2 | 4 | payload length |
/// | 6 | 8 | log position; a mark and a seal repeat the last record's |
/// | 14 | 8 | durable mark: the position up to which the log was known to be synced when this was written |
/// | 22 | 8 | height that the record is about, 0 if none; for people and for repair |
/// | 30 | 4 | CRC-32C of the payload |
/// | 34 | 4 | CRC-32C of bytes 0..<34, starting from the checksum of the segment's header |
/// | 38 | 1 | zero |
/// | 39 | 1 | guard, 0xA5 |
/// | 40 | length | payload |
/// | 40 + length | 1 | guard, 0xA5 |
/// | ... | | zeros up to a multiple of 8 |
///
/// In a mark and a seal, kind, length, height and the payload's CRC-32C are zero.
///
/// Integers are little-endian. A record begins at a multiple of 8 and never spans segments. The first and last byte of
/// the header, and the byte after the payload, are never zero. Segments are filled with zeros before use, so anything
/// that a crash left unwritten reads as zero; a bad record without zeros in these places was once complete and has been
/// damaged since.
package struct RecordHeader: Hashable, Sendable, BitwiseCopyable {
  package static let byteCount = 40
  static let guardByte: UInt8 = 0xA5
  /// Disks write sectors of at least this size completely or not at all.
  static let sectorBytes = 512

  package enum Sort: UInt8, Sendable, BitwiseCopyable {
    case record = 0x52
    /// States that everything up to its position is durable; has no payload. Ends a log that was closed.
    case mark = 0x4D
    /// Ends a segment; has no payload. Written once the next segment exists durably.
    case seal = 0x53
  }

  package var sort: Sort
  package var kind: UInt8
  package var payloadBytes: Int
  package var position: LogPosition
  package var durable: LogPosition
  package var height: Height
  package var payloadChecksum: UInt32

  /// Bytes from the start of this record to the start of the next one.
  package var stride: Int { RecordHeader.stride(payloadBytes: payloadBytes) }

  package static func stride(payloadBytes: Int) -> Int { byteCount + (payloadBytes + 8) & ~7 }

  /// The header of a mark or a seal.
  static func bare(_ sort: Sort, position: LogPosition, durable: LogPosition) -> RecordHeader {
    RecordHeader(
      sort: sort, kind: 0, payloadBytes: 0, position: position, durable: durable, height: .genesis,
      payloadChecksum: 0)
  }

  /// The size of a mark or a seal in bytes.
  static var bareStride: Int { stride(payloadBytes: 0) }

  /// Appends the complete record, including padding.
  static func write(
    _ header: RecordHeader, payload: RawSpan, binding: UInt32, to buffer: inout [UInt8]
  ) {
    let end = buffer.count + header.stride
    writeHeader(header, binding: binding, to: &buffer)
    payload.withUnsafeBytes { buffer.append(contentsOf: $0) }
    buffer.append(guardByte)
    while buffer.count < end { buffer.append(0) }
  }

  /// Appends the first 40 bytes of a record.
  package static func writeHeader(_ header: RecordHeader, binding: UInt32, to buffer: inout [UInt8]) {
    let start = buffer.count
    buffer.append(header.sort.rawValue)
    buffer.append(header.kind)
    append(UInt32(truncatingIfNeeded: header.payloadBytes), to: &buffer)
    append(header.position.rawValue, to: &buffer)
    append(header.durable.rawValue, to: &buffer)
    append(header.height.rawValue, to: &buffer)
    append(header.payloadChecksum, to: &buffer)
    let checksum = Checksum.crc32c(buffer.span.bytes.extracting(start..<start + 34), seed: binding)
    append(checksum, to: &buffer)
    buffer.append(0)
    buffer.append(guardByte)
  }

  /// Reads the 40 bytes at `offset`; nil if they are not a valid header of the segment with this binding.
  package static func read(_ bytes: RawSpan, at offset: Int, binding: UInt32) -> RecordHeader? {
    guard offset >= 0, bytes.byteCount - offset >= byteCount else { return nil }
    let whole = bytes.extracting(offset..<offset + byteCount)
    // Two cheap checks come first: a search through megabytes of garbage calls this at every eighth byte.
    guard whole.unsafeLoad(fromByteOffset: 39, as: UInt8.self) == guardByte,
      let sort = Sort(rawValue: whole.unsafeLoad(fromByteOffset: 0, as: UInt8.self))
    else { return nil }
    do {
      var reader = Reader(whole)
      _ = try reader.skip(1)
      let kind = try reader.byte()
      let length = try reader.integer(UInt32.self)
      let position = LogPosition(try reader.integer())
      let durable = LogPosition(try reader.integer())
      let height = Height(try reader.integer())
      let payloadChecksum = try reader.integer(UInt32.self)
      let checksum = try reader.integer(UInt32.self)
      guard checksum == Checksum.crc32c(whole.extracting(0..<34), seed: binding) else { return nil }
      guard try reader.byte() == 0, length <= UInt32(Limits.recordBytes) else { return nil }
      // A mark or a seal has no payload, so its height and payload checksum must be zero.
      guard sort == .record || height == .genesis && payloadChecksum == 0 else { return nil }
      switch sort {
      case .record: guard kind != 0, durable < position else { return nil }
      case .mark: guard kind == 0, length == 0, durable == position else { return nil }
      case .seal: guard kind == 0, length == 0, durable <= position else { return nil }
      }
      return RecordHeader(
        sort: sort, kind: kind, payloadBytes: Int(length), position: position, durable: durable, height: height,
        payloadChecksum: payloadChecksum)
    } catch {
      return nil
    }
  }

  private static func append(_ value: some FixedWidthInteger, to buffer: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { buffer.append(contentsOf: $0) }
  }
}
