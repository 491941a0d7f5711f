import Primitives
import Testing

@testable import BlockLog

@Testing.Suite("BlockLog")
struct BlockLogTests {
  @Test("A record can be read by its address before and after it is written")
  func readBack() throws {
    let disk = MemoryDisk()
    var log = try TestLog.create(disk)
    let addresses = try TestLog.append(&log, to: 5)
    #expect(log.statistics.writes == 0)
    for (index, address) in addresses.enumerated() {
      let record = try log.read(address)
      #expect(record.position == LogPosition(UInt64(index + 1)) && record.address == address)
      #expect(record.payload == TestLog.payload(UInt64(index + 1)))
    }
    _ = try log.sync()
    for (index, address) in addresses.enumerated() {
      #expect(try log.read(address).payload == TestLog.payload(UInt64(index + 1)))
    }
    let nowhere = RecordAddress(segment: 1, offset: addresses[1].offset + 8)
    #expect(throws: LogError.noRecord(nowhere)) { _ = try log.read(nowhere) }
    let beyond = RecordAddress(segment: 9, offset: 4096)
    #expect(throws: LogError.noRecord(beyond)) { _ = try log.read(beyond) }
  }

  @Test("Many records take one write and one sync; a sync without new records does not touch the disk")
  func grouping() throws {
    let disk = MemoryDisk()
    var log = try TestLog.create(disk)
    for _ in 0..<20 { _ = try log.append(kind: 1, height: .genesis, payload: [1, 2, 3]) }
    #expect(log.durable == .start)
    #expect(try log.sync() == LogPosition(20))
    #expect(try log.sync() == LogPosition(20))
    #expect(log.statistics.writes == 1 && log.statistics.syncs == 1)
    #expect(log.statistics.writtenBytes == 20 * 48 && log.statistics.payloadBytes == 60)
  }

  @Test("A record larger than any segment so far gets a segment of its size; one above the limit is refused")
  func large() throws {
    let disk = MemoryDisk()
    var log = try TestLog.create(disk)
    try TestLog.append(&log, to: 5)
    let payload = [UInt8](repeating: 9, count: 100_000)
    let (_, address) = try log.append(kind: 1, height: Height(1), payload: payload)
    _ = try log.append(kind: 1, height: Height(1), payload: [1])
    try log.close()
    #expect(address.segment == 2)
    let again = try TestLog.open(disk)
    #expect(try again.read(address).payload == payload)
    #expect(again.appended == LogPosition(7))

    var other = try TestLog.create(MemoryDisk())
    let tooLarge = [UInt8](repeating: 0, count: Limits.recordBytes + 1)
    #expect(throws: LogError.recordTooLarge(byteCount: tooLarge.count)) {
      _ = try other.append(kind: 1, height: .genesis, payload: tooLarge)
    }
    #expect(try other.append(kind: 1, height: .genesis, payload: [1]).position == LogPosition(1), "no harm is done")
  }

  @Test("A record too large for the prepared segment goes into a new one")
  func pastPrepared() throws {
    let disk = MemoryDisk()
    var log = try TestLog.create(disk)
    try TestLog.append(&log, to: 7)
    while try log.prepareNext() {}
    let payload = [UInt8](repeating: 9, count: 30_000)
    let (_, address) = try log.append(kind: 1, height: Height(1), payload: payload)
    _ = try log.sync()
    let again = try TestLog.open(disk)
    #expect(try again.read(address).payload == payload)
    #expect(again.appended == LogPosition(8))
  }

  @Test("Segments grow from small to full size, and are prepared in advance step by step")
  func growth() throws {
    let disk = MemoryDisk()
    let options = LogOptions(firstSegmentBytes: 8192, segmentBytes: 128 << 10)
    var log = try BlockLog.create(disk, owner: TestLog.owner, options: options)
    var prepared = 0
    while log.statistics.payloadBytes < 400_000 {
      _ = try log.append(kind: 1, height: .genesis, payload: [UInt8](repeating: 1, count: 500))
      if try log.prepareNext(stepBytes: 16384) { prepared += 1 }
    }
    _ = try log.sync()
    let sizes = try disk.list().map { try disk.size(of: $0) ?? 0 }
    #expect(Array(sizes.prefix(4)) == [8192, 32768, 131072, 131072])
    #expect(prepared > 10)
  }

  @Test("Opening and closing a log without adding records leaves its bytes unchanged")
  func quiet() throws {
    let (disk, _) = try TestLog.filled(7, close: true)
    let before = try TestLog.contents(disk)
    for _ in 0..<3 {
      var log = try TestLog.open(disk)
      #expect(log.recovery.outcome == .clean)
      try log.close()
      try log.close()
      #expect(throws: LogError.closed) { _ = try log.append(kind: 1, height: .genesis, payload: []) }
      #expect(try TestLog.contents(disk) == before)
    }
  }

  @Test("Reading starts at any position, in any segment")
  func replayFrom() throws {
    let (disk, _) = try TestLog.filled(50)
    var log = try TestLog.open(disk)
    for start in [1, 2, 13, 27, 49, 50, 51] as [UInt64] {
      let positions = try TestLog.records(&log, from: start).map(\.position.rawValue)
      #expect(positions == (start <= 50 ? Array(start...50) : []))
    }
  }

  @Test("What an interrupted start left unfinished is removed and reported")
  func unfinished() throws {
    let (disk, _) = try TestLog.filled(5, close: true)
    try disk.create("000002.preparing", byteCount: 5000)
    try disk.create("LOCK", byteCount: 4)
    let log = try TestLog.open(disk)
    #expect(log.recovery.removedFiles == ["000002.preparing"])
    #expect(log.recovery.lines.count == 2)
    #expect(try disk.list() == ["000001.segment", "LOCK"])
  }

  @Test("A log that was only created is reported as new; one that was written and not closed as not closed")
  func firstOpening() throws {
    let made = try TestLog.open(try TestLog.filled(1).disk)
    #expect(made.recovery.outcome == .unclosed)
    #expect(made.recovery.lines == ["log: new, without any blocks yet"])
    let used = try TestLog.open(try TestLog.filled(4).disk)
    #expect(used.recovery.lines[0].contains("did not stop cleanly"))
    let closed = try TestLog.open(try TestLog.filled(4, close: true).disk)
    #expect(closed.recovery.lines[0].contains("closed cleanly; 4 records in 1 segment,"))
  }

  @Test("A directory without a log and one with a log are distinguished")
  func createOrOpen() throws {
    let disk = MemoryDisk()
    #expect(throws: LogError.noLog) { _ = try TestLog.open(disk) }
    _ = try TestLog.create(disk)
    #expect(throws: LogError.exists) { _ = try TestLog.create(disk) }
    let log = try TestLog.open(disk)
    #expect(log.recovery.outcome == .unclosed && log.appended == .start)
  }
}

extension BlockLogTests {
  @Test("D2: damage that occurs while the log is open is reported when the record is read, and replay never skips it")
  func damagedWhileOpen() throws {
    let (disk, addresses) = try TestLog.filled(6)
    var log = try TestLog.open(disk)
    let file = SegmentHeader.fileName(addresses[3].segment)
    disk.flipBit(of: file, at: Int(addresses[3].offset) + RecordHeader.byteCount + 1, bit: 6)
    let damage = LogError.damaged(
      LogDamage(
        file: file, offset: Int(addresses[3].offset), position: LogPosition(4), height: TestLog.height(4),
        cause: .badPayload))
    #expect(throws: damage) { _ = try log.read(addresses[3]) }
    var count = 0
    #expect(throws: damage) {
      var cursor = try log.records()
      while try cursor.next() != nil { count += 1 }
    }
    #expect(count == 3)
    #expect(try log.read(addresses[4]).payload == TestLog.payload(5))
  }
}

@Testing.Suite("LogReader")
struct LogReaderTests {
  @Test("A reader next to the writer sees written records by address, and never changes the disk")
  func beside() throws {
    let disk = MemoryDisk()
    var log = try TestLog.create(disk)
    var reader = LogReader(disk, owner: TestLog.owner)
    for position in 1...40 as ClosedRange<UInt64> {
      let address = try TestLog.append(&log, to: position)[0]
      #expect(throws: LogError.noRecord(address)) { _ = try reader.read(address) }
      try log.flush()
      #expect(try reader.read(address).payload == TestLog.payload(position))
    }
    let before = try TestLog.contents(disk)
    var (inspection, records) = try reader.inspect()
    #expect(inspection.outcome == .unclosed && inspection.last == LogPosition(40) && inspection.records == 40)
    var count: UInt64 = 0
    while let record = try records.next() {
      count += 1
      #expect(record.position.rawValue == count)
    }
    #expect(count == 40)
    #expect(try TestLog.contents(disk) == before)
    var foreign = LogReader(disk, owner: .anyone(of: .zero))
    #expect(throws: LogError.self) { _ = try foreign.read(RecordAddress(segment: 1, offset: 4096)) }
  }

  @Test("D2: an audit reports the damage and still shows the records before it")
  func audit() throws {
    let (disk, addresses) = try TestLog.filled(14, close: true)
    disk.flipBit(of: SegmentHeader.fileName(addresses[9].segment), at: Int(addresses[9].offset) + 33, bit: 0)
    let (inspection, cursor) = try LogReader(disk, owner: TestLog.owner).inspect()
    guard case .damaged(let damage) = inspection.outcome else {
      return #expect(Bool(false), "\(inspection.outcome)")
    }
    #expect(damage.position == LogPosition(10) && damage.offset == Int(addresses[9].offset))
    var records = cursor
    var count = 0
    while try records.next() != nil { count += 1 }
    #expect(count == 9)
  }
}
