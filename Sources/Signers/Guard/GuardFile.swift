internal import BlockLog
internal import Primitives
internal import Replica

/// The bytes of a signer's guard: a header and then records, each in a slot of 128 bytes, so that no record crosses a sector.
/// Unused slots are zero (Documentation/signers.md).
enum GuardFile {
  static let slotBytes = 128
  static let longest = 64 << 20
  private static let checksumOffset = 124
  private static let magic: UInt64 = 0x3144_5247_4753_4252

  /// What a file says.
  struct Content {
    var memory: VoteGuard
    /// The number of records, and of slots for them.
    var used: Int
    var slots: Int
    /// Whether a crash tore the last record, which nobody relied on.
    var isTorn: Bool
  }

  /// A whole file with these statements.
  static func bytes(_ statements: [Statement], floor: Round, chain: ChainContext, slots: Int) -> [UInt8] {
    var writer = Writer(capacity: slotBytes * (slots + 1))
    writer.raw(header(floor, chain))
    for (index, statement) in statements.enumerated() {
      writer.raw(record(statement, number: UInt64(index) + 1, floor: floor))
    }
    writer.raw([UInt8](repeating: 0, count: slotBytes * (slots - statements.count)))
    return writer.bytes
  }

  private static func header(_ floor: Round, _ chain: ChainContext) -> [UInt8] {
    var writer = Writer(capacity: slotBytes)
    writer.integer(magic)
    writer.byte(chain.suite.rawValue)
    writer.digest(chain.genesis)
    writer.integer(floor.epoch.rawValue)
    writer.integer(floor.view.rawValue)
    return slot(writer)
  }

  /// The record of a statement.
  /// - Parameter number: 1 for the first record of the file.
  static func record(_ statement: Statement, number: UInt64, floor: Round) -> [UInt8] {
    var writer = Writer(capacity: slotBytes)
    writer.integer(number)
    writer.integer(floor.epoch.rawValue)
    writer.integer(floor.view.rawValue)
    statement.encode(into: &writer)
    return slot(writer)
  }

  private static func slot(_ writer: consuming Writer) -> [UInt8] {
    writer.raw([UInt8](repeating: 0, count: checksumOffset - writer.count))
    writer.integer(Checksum.crc32c(writer.bytes.span.bytes))
    return writer.bytes
  }

  /// Reads a file strictly. Only the last record may be torn: each is durable before the next is written.
  static func read(_ bytes: [UInt8], chain: ChainContext) throws(SignerGuardError) -> Content {
    guard bytes.count >= 2 * slotBytes, bytes.count.isMultiple(of: slotBytes) else {
      throw damaged(bytes.count, "its length is wrong")
    }
    guard isWhole(bytes, at: 0) else { throw damaged(0, "its header is damaged") }
    guard let header = try? head(bytes) else { throw damaged(0, "its header is not one of this version") }
    guard header.suite == chain.suite.rawValue, header.genesis == chain.genesis else {
      throw .otherChain(own: chain.genesis, found: header.genesis)
    }
    var memory = VoteGuard(epoch: .first)
    memory.raiseFloor(to: header.floor)
    let slots = bytes.count / slotBytes - 1
    var used = 0
    while used < slots, isWhole(bytes, at: used + 1) {
      try apply(bytes, slot: used + 1, to: &memory)
      used += 1
    }
    guard used < slots else { return Content(memory: memory, used: used, slots: slots, isTorn: false) }
    let rest = slotBytes * (used + 2)
    // A record after one that is not whole means that the latter was durable once.
    guard isZero(bytes, rest..<bytes.count) else {
      throw damaged(slotBytes * (used + 1), "record \(used + 1) is damaged, and others follow it")
    }
    let isTorn = !isZero(bytes, rest - slotBytes..<rest)
    return Content(memory: memory, used: used, slots: slots, isTorn: isTorn)
  }

  private static func head(_ bytes: [UInt8]) throws(CodecError) -> (suite: UInt8, genesis: Digest, floor: Round) {
    var reader = Reader(bytes.span.bytes)
    guard try reader.integer(UInt64.self) == magic else { throw .invalid(field: "magic") }
    return (try reader.byte(), try reader.digest(), try round(&reader))
  }

  private static func apply(
    _ bytes: [UInt8], slot: Int, to memory: inout VoteGuard
  ) throws(SignerGuardError) {
    do throws(CodecError) {
      var reader = Reader(bytes.span.bytes.extracting(slot * slotBytes..<slot * slotBytes + checksumOffset))
      guard try reader.integer(UInt64.self) == UInt64(slot) else {
        throw CodecError.notCanonical(field: "record number")
      }
      let floor = try round(&reader)
      let statement = try Statement(from: &reader)
      memory.raiseFloor(to: floor)
      memory.remember(statement)
    } catch {
      throw damaged(slot * slotBytes, "record \(slot) says what no signer writes")
    }
  }

  private static func round(_ reader: inout Reader) throws(CodecError) -> Round {
    Round(epoch: Epoch(try reader.integer()), view: View(try reader.integer()))
  }

  private static func isWhole(_ bytes: [UInt8], at slot: Int) -> Bool {
    let start = slot * slotBytes
    let span = bytes.span.bytes
    let sum = Checksum.crc32c(span.extracting(start..<start + checksumOffset))
    let stored = span.extracting(start + checksumOffset..<start + slotBytes).withUnsafeBytes {
      UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self))
    }
    // The checksum of zeros is not zero, so an unused slot is not whole.
    return sum == stored
  }

  private static func isZero(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    bytes[range].allSatisfy { $0 == 0 }
  }

  private static func damaged(_ offset: Int, _ reason: String) -> SignerGuardError {
    .damaged(file: "guard", offset: offset, reason: reason)
  }
}
