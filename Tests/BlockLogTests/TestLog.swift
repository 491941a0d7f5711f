import Primitives
import Testing

@testable import BlockLog

/// Helpers that the tests of this module share.
enum TestLog {
  static let chain = Digest(0x1111, 0x2222, 0x3333, 0x4444)
  static let owner = LogOwner(chain: chain, writer: PublicKey(prefix: 2, body: Digest(5, 6, 7, 8)))
  /// Small segments, so that a short run crosses many borders.
  static let options = LogOptions(firstSegmentBytes: 8192, segmentBytes: 16384, salt: 0x5A17, batchBytes: 4096)

  /// The payload of the record at a position. Lengths vary, and no byte is zero.
  static func payload(_ position: UInt64) -> [UInt8] {
    let count = Int(position * 211 % 1400)
    return (0..<count).map { UInt8((UInt64($0) &* 31 &+ position &* 7) % 255 + 1) }
  }

  static func height(_ position: UInt64) -> Height { Height(position / 3) }

  static func create(_ disk: MemoryDisk) throws(LogError) -> BlockLog<MemoryDisk> {
    try BlockLog.create(disk, owner: owner, options: options)
  }

  static func open(_ disk: MemoryDisk) throws(LogError) -> BlockLog<MemoryDisk> {
    try BlockLog.open(disk, owner: owner, options: options)
  }

  /// Appends records up to `position`. Their content depends only on their position.
  @discardableResult
  static func append(
    _ log: inout BlockLog<MemoryDisk>, to position: UInt64
  ) throws(LogError) -> [RecordAddress] {
    var addresses: [RecordAddress] = []
    while log.appended.rawValue < position {
      let next = log.appended.rawValue + 1
      let added = try log.append(kind: UInt8(next % 5 + 1), height: height(next), payload: payload(next))
      precondition(added.position.rawValue == next, "position \(added.position) instead of \(next)")
      addresses.append(added.address)
    }
    return addresses
  }

  /// A log with records up to `position`, synced one by one or all together.
  static func filled(
    _ position: UInt64, syncEach: Bool = true, close: Bool = false
  ) throws -> (disk: MemoryDisk, addresses: [RecordAddress]) {
    let disk = MemoryDisk()
    var log = try create(disk)
    var addresses: [RecordAddress] = []
    while log.appended.rawValue < position {
      addresses += try append(&log, to: syncEach ? log.appended.rawValue + 1 : position)
      _ = try log.sync()
    }
    if close { try log.close() }
    return (disk, addresses)
  }

  /// The records from `position` onwards, in order.
  static func records<Storage: Disk>(
    _ log: inout BlockLog<Storage>, from position: UInt64 = 1
  ) throws(LogError) -> [LogRecord] {
    var cursor = try log.records(from: LogPosition(position))
    var records: [LogRecord] = []
    while let record = try cursor.next() { records.append(record) }
    return records
  }

  /// Expects exactly the appended records, once and in order, both by replay and by address.
  static func expectIntact(
    _ log: inout BlockLog<MemoryDisk>, _ comment: @autoclosure () -> String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var expected: UInt64 = 0
    var wrong: [UInt64] = []
    var addresses: [RecordAddress] = []
    for record in try records(&log) {
      expected += 1
      if record.position.rawValue != expected || record.payload != payload(expected)
        || record.kind != UInt8(expected % 5 + 1) || record.height != height(expected)
      {
        wrong.append(expected)
      }
      addresses.append(record.address)
    }
    for (index, address) in addresses.enumerated() where index % 7 == 0 {
      if try log.read(address).payload != payload(UInt64(index + 1)) { wrong.append(UInt64(index + 1)) }
    }
    if !wrong.isEmpty || expected != log.appended.rawValue {
      Issue.record(
        "\(comment()): \(expected) records of \(log.appended), wrong: \(wrong)", sourceLocation: sourceLocation)
    }
  }

  /// All files with their bytes.
  static func contents(_ disk: MemoryDisk) throws -> [String: [UInt8]] {
    var contents: [String: [UInt8]] = [:]
    for file in try disk.list() { contents[file] = disk.contents(of: file) }
    return contents
  }
}
