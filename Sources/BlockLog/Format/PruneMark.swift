package import Primitives

/// The file `pruned`: where a log begins whose first segments were removed, and what its owner keeps from them.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | magic, `roadcut` and a line feed |
/// | 8 | 2 | format version, 2; 1 if no writer is named |
/// | 10 | 2 | zero |
/// | 12 | 4 | number of the first remaining segment, from 2 to 2^31 |
/// | 16 | 8 | position of its first record, from 1 to 2^62 |
/// | 24 | 8 | last height that a pruned record is about, 0 if none |
/// | 32 | 32 | genesis digest |
/// | 64 | 33 | the writer's vote key; absent in version 1 |
/// | then | 4 | length of the carry, at most `Limits.logCarryBytes` |
/// | then | length | carry: bytes that the owner keeps |
/// | then | 4 | CRC-32C of everything before |
///
/// The file is written under another name, synced and renamed before a segment is removed. It is therefore damage if
/// the first segment is missing and there is no mark, or if the segment that the mark names is missing.
package struct PruneMark: Hashable, Sendable {
  package static let file = "pruned"
  static let unfinishedFile = "pruned.preparing"
  static let version: UInt16 = 2
  private static let unnamedVersion: UInt16 = 1
  private static let magic = Array("roadcut\n".utf8)
  /// Bytes before the carry if no writer is named, and bytes after the carry.
  private static let headBytes = 68
  private static let tailBytes = 4
  // No log ever gets this far, and a log that begins at these limits cannot overflow its numbers.
  static let greatestSegment: UInt32 = 1 << 31
  static let greatestPosition = LogPosition(1 << 62)

  package var firstSegment: UInt32
  package var firstPosition: LogPosition
  /// The last height that a pruned record is about.
  package var lastHeight: Height
  package var chain: Digest
  /// The vote key of the log's owner; nil in version 1.
  package var writer: PublicKey?
  package var carry: [UInt8]

  package enum Fault: Error, Hashable, Sendable {
    case wrongLength(Int)
    case badMagic
    case badChecksum
    case unknownVersion(UInt16)
    case badField(StaticText)
  }

  package var encoded: [UInt8] {
    var writer = Writer(capacity: PruneMark.headBytes + carry.count + PruneMark.tailBytes)
    writer.raw(PruneMark.magic)
    writer.integer(self.writer == nil ? PruneMark.unnamedVersion : PruneMark.version)
    writer.integer(UInt16(0))
    writer.integer(firstSegment)
    writer.integer(firstPosition.rawValue)
    writer.integer(lastHeight.rawValue)
    writer.digest(chain)
    if let key = self.writer { writer.publicKey(key) }
    writer.longBytes(carry)
    writer.integer(Checksum.crc32c(writer.bytes.span.bytes))
    return writer.bytes
  }

  package init(
    firstSegment: UInt32, firstPosition: LogPosition, lastHeight: Height, owner: LogOwner, carry: [UInt8]
  ) {
    self.firstSegment = firstSegment
    self.firstPosition = firstPosition
    self.lastHeight = lastHeight
    chain = owner.chain
    writer = owner.writer
    self.carry = carry
  }

  package init(decoding bytes: [UInt8]) throws(Fault) {
    guard bytes.count >= PruneMark.headBytes + PruneMark.tailBytes else { throw .wrongLength(bytes.count) }
    guard bytes.starts(with: PruneMark.magic) else { throw .badMagic }
    let expected = Checksum.crc32c(bytes.span.bytes.extracting(0..<bytes.count - PruneMark.tailBytes))
    do {
      var reader = Reader(bytes.span.bytes)
      _ = try reader.skip(PruneMark.magic.count)
      let version = try reader.integer(UInt16.self)
      let zero = try reader.integer(UInt16.self)
      let firstSegment = try reader.integer(UInt32.self)
      let firstPosition = LogPosition(try reader.integer())
      let lastHeight = Height(try reader.integer())
      guard version == PruneMark.version || version == PruneMark.unnamedVersion else {
        // Unknown versions may have another layout after this; only their checksum can be checked.
        guard PruneMark.tail(of: bytes) == expected else { throw Fault.badChecksum }
        throw Fault.unknownVersion(version)
      }
      let chain = try reader.digest()
      let writer = version == PruneMark.version ? try reader.publicKey() : nil
      let carry = try reader.longBytes(limit: Limits.logCarryBytes, "carry")
      guard try reader.integer(UInt32.self) == expected, reader.remaining == 0 else { throw Fault.badChecksum }
      guard zero == 0 else { throw Fault.badField("zero") }
      guard firstSegment > 1, firstSegment <= PruneMark.greatestSegment else { throw Fault.badField("firstSegment") }
      guard firstPosition > .start, firstPosition <= PruneMark.greatestPosition else {
        throw Fault.badField("firstPosition")
      }
      self.init(
        firstSegment: firstSegment, firstPosition: firstPosition, lastHeight: lastHeight,
        owner: LogOwner(chain: chain, writer: writer), carry: carry)
    } catch let fault as Fault {
      throw fault
    } catch {
      throw .wrongLength(bytes.count)
    }
  }

  /// The checksum at the end of the file.
  private static func tail(of bytes: [UInt8]) -> UInt32 {
    bytes.suffix(tailBytes).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Checks that the mark belongs to this owner's log. If the mark names a writer, `owner` adopts it.
  func check(_ owner: inout LogOwner) throws(LogError) {
    try owner.check(PruneMark.file, chain: chain, writer: writer)
  }

  /// The prune mark of the log in `storage`, nil if nothing was pruned.
  static func read(_ storage: some Disk, owner: LogOwner) throws(LogError) -> PruneMark? {
    let bytes: [UInt8]
    do throws(DiskError) {
      guard let size = try storage.size(of: file) else { return nil }
      // Read one byte more than the limit, so that a longer file is refused without reading all of it.
      let limit = headBytes + PublicKey.byteCount + Limits.logCarryBytes + tailBytes
      var buffer = [UInt8](repeating: 0, count: min(size, limit + 1))
      let count = try storage.read(file, at: 0, into: &buffer)
      bytes = Array(buffer[..<count])
    } catch { throw LogError(error) }
    let mark: PruneMark
    do throws(Fault) {
      mark = try PruneMark(decoding: bytes)
    } catch {
      if case .unknownVersion(let version) = error { throw .unknownVersion(file: file, version: version) }
      throw .damaged(
        LogDamage(file: file, offset: 0, position: .start, height: .genesis, cause: .badPruneMark(error)))
    }
    var owner = owner
    try mark.check(&owner)
    return mark
  }

  /// Writes the file durably, replacing any previous one.
  func write(_ storage: some Disk) throws(DiskError) {
    let bytes = encoded
    try storage.create(PruneMark.unfinishedFile, byteCount: bytes.count)
    try storage.write(PruneMark.unfinishedFile, at: 0, bytes.span.bytes)
    try storage.sync(PruneMark.unfinishedFile)
    try storage.rename(PruneMark.unfinishedFile, to: PruneMark.file)
    try storage.syncDirectory()
  }

  /// Removes the segments that no longer belong to the log.
  func removeSegments(_ storage: some Disk) throws(DiskError) {
    let files = try storage.list().filter { (SegmentHeader.number(ofFile: $0) ?? .max) < firstSegment }
    for file in files { try storage.remove(file) }
    if !files.isEmpty { try storage.syncDirectory() }
  }

  /// The damage to report if the first remaining segment is missing.
  var missingFirst: LogDamage {
    LogDamage(
      file: SegmentHeader.fileName(firstSegment), offset: 0, position: firstPosition, height: lastHeight,
      cause: .missingSegment)
  }
}
