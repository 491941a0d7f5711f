package import Primitives

/// The first page of a segment file. It is written and synced before the file gets its name, and never changed
/// afterwards, so a segment without a valid header is damaged, never unfinished.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | magic, `roadlog` and a line feed |
/// | 8 | 2 | format version, 2; 1 if no writer is named |
/// | 10 | 2 | zero |
/// | 12 | 4 | segment number, from 1; also the file's name |
/// | 16 | 8 | bytes of the whole file |
/// | 24 | 8 | salt |
/// | 32 | 32 | genesis digest |
/// | 64 | 4 | zero |
/// | 68 | 4 | CRC-32C of bytes 0..<68 |
/// | 72 | 33 | the writer's vote key |
/// | 105 | 3 | zero |
/// | 108 | 4 | CRC-32C of bytes 0..<68 and 72..<108 |
/// | 112 | to 4096 | zero |
///
/// In version 1 everything after byte 71 is zero. Integers are little-endian. Magic, version and the first checksum
/// keep their places in every version. The position of the first record is not included because it is not known when
/// the header is written.
package struct SegmentHeader: Hashable, Sendable {
  package static let encodedBytes = 112
  /// Offset of the first record: the header occupies a whole page.
  package static let reservedBytes = 4096
  /// The newest format version, and the version that names no writer.
  static let version: UInt16 = 2
  private static let unnamedVersion: UInt16 = 1
  /// Bytes up to and including the first checksum, which has the same place in every version.
  private static let headBytes = 72
  private static let checksumBytes = 4
  private static let magic = Array("roadlog\n".utf8)

  package var number: UInt32
  /// Bytes of the whole file.
  package var byteCount: Int
  /// Keeps the checksums of record headers secret from the authors of payloads, so that bytes inside a payload cannot
  /// pass for a record when a damaged place is searched for the next valid one.
  package var salt: UInt64
  package var chain: Digest
  /// The vote key of the validator that writes the log; nil in version 1.
  package var writer: PublicKey?

  package init(number: UInt32, byteCount: Int, salt: UInt64, owner: LogOwner) {
    self.number = number
    self.byteCount = byteCount
    self.salt = salt
    chain = owner.chain
    writer = owner.writer
  }

  package var owner: LogOwner { LogOwner(chain: chain, writer: writer) }

  package enum Fault: Error, Hashable, Sendable {
    case noHeader
    case badChecksum
    case unknownVersion(UInt16)
    case badField(StaticText)
  }

  /// The header's bytes, without the zeros after them.
  package var encoded: [UInt8] {
    var writer = Writer(capacity: SegmentHeader.encodedBytes)
    writer.raw(SegmentHeader.magic)
    writer.integer(self.writer == nil ? SegmentHeader.unnamedVersion : SegmentHeader.version)
    writer.integer(UInt16(0))
    writer.integer(number)
    writer.integer(UInt64(byteCount))
    writer.integer(salt)
    writer.digest(chain)
    writer.integer(UInt32(0))
    writer.integer(Checksum.crc32c(writer.bytes.span.bytes))
    guard let key = self.writer else {
      writer.raw([UInt8](repeating: 0, count: SegmentHeader.encodedBytes - SegmentHeader.headBytes))
      return writer.bytes
    }
    writer.publicKey(key)
    writer.raw([0, 0, 0])
    writer.integer(SegmentHeader.wholeChecksum(writer.bytes.span.bytes))
    return writer.bytes
  }

  /// The checksum of everything except the checksums. (Data that ends with its own checksum always has the same
  /// remainder, whatever the data is; therefore the first checksum is left out of the second.)
  private static func wholeChecksum(_ bytes: RawSpan) -> UInt32 {
    let head = Checksum.crc32c(bytes.extracting(0..<headBytes - checksumBytes))
    return Checksum.crc32c(bytes.extracting(headBytes..<encodedBytes - checksumBytes), seed: head)
  }

  /// The seed of the checksums of the segment's record headers: the last checksum in the header, which covers chain,
  /// writer, segment number and salt.
  package var binding: UInt32 {
    let bytes = encoded.span.bytes
    guard writer == nil else { return SegmentHeader.wholeChecksum(bytes) }
    return Checksum.crc32c(bytes.extracting(0..<SegmentHeader.headBytes - SegmentHeader.checksumBytes))
  }

  package init(decoding bytes: [UInt8]) throws(Fault) {
    guard bytes.count >= SegmentHeader.encodedBytes, bytes.starts(with: SegmentHeader.magic) else { throw .noHeader }
    let expected = Checksum.crc32c(
      bytes.span.bytes.extracting(0..<SegmentHeader.headBytes - SegmentHeader.checksumBytes))
    do {
      var reader = Reader(bytes.span.bytes)
      _ = try reader.skip(SegmentHeader.magic.count)
      let version = try reader.integer(UInt16.self)
      let firstZero = try reader.integer(UInt16.self)
      let number = try reader.integer(UInt32.self)
      let byteCount = try reader.integer(UInt64.self)
      let salt = try reader.integer(UInt64.self)
      let chain = try reader.digest()
      let secondZero = try reader.integer(UInt32.self)
      guard try reader.integer(UInt32.self) == expected else { throw Fault.badChecksum }
      guard version == SegmentHeader.version || version == SegmentHeader.unnamedVersion else {
        throw Fault.unknownVersion(version)
      }
      guard firstZero == 0, secondZero == 0 else { throw Fault.badField("zero") }
      guard number > 0 else { throw Fault.badField("number") }
      guard byteCount >= UInt64(SegmentHeader.reservedBytes), byteCount <= UInt64(Limits.segmentBytes) else {
        throw Fault.badField("byteCount")
      }
      var owner = LogOwner.anyone(of: chain)
      if version == SegmentHeader.version {
        owner.writer = try reader.publicKey()
        let padding = try reader.bytes(3)
        guard try reader.integer(UInt32.self) == SegmentHeader.wholeChecksum(bytes.span.bytes) else {
          throw Fault.badChecksum
        }
        guard padding.allSatisfy({ $0 == 0 }) else { throw Fault.badField("padding") }
      }
      self.init(number: number, byteCount: Int(byteCount), salt: salt, owner: owner)
    } catch let fault as Fault {
      throw fault
    } catch {
      throw .noHeader
    }
  }

  package static func fileName(_ number: UInt32) -> String { "\(padded(number)).segment" }

  /// The file's name while the segment is being prepared.
  static func unfinishedName(_ number: UInt32) -> String { "\(padded(number)).preparing" }

  static func isUnfinished(_ file: String) -> Bool { file.hasSuffix(".preparing") }

  /// The number in a segment's file name, nil for any other name.
  static func number(ofFile file: String) -> UInt32? {
    guard file.hasSuffix(".segment"), let number = UInt32(file.dropLast(8)), number > 0, fileName(number) == file
    else { return nil }
    return number
  }

  private static func padded(_ number: UInt32) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }
}
