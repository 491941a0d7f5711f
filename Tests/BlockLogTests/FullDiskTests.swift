import Primitives
import Testing

@testable import BlockLog

@Testing.Suite("Full disks and failed writes")
struct FullDiskTests {
  @Test("D3: a full disk stops the log with the bytes it needs; after freeing space a restart needs no command")
  func full() throws {
    let disk = MemoryDisk()
    disk.capacity = 8192 + 16384 + 100
    var log = try TestLog.create(disk)
    var durable = LogPosition.start
    var stopped: LogError?
    do {
      for position in 1...100 {
        try TestLog.append(&log, to: UInt64(position))
        durable = try log.sync()
      }
    } catch { stopped = error }
    guard case .disk(let error) = stopped else { return #expect(Bool(false), "\(String(describing: stopped))") }
    #expect(error.cause == .full && error.byteCount == 16384)
    #expect(stopped?.code == "disk.full")
    #expect(stopped?.nextStep.contains("free at least 16384 bytes") == true)
    // Every further call is refused with the first error, even when there is space again.
    disk.capacity = .max
    #expect(throws: LogError.disk(error)) { _ = try log.append(kind: 1, height: .genesis, payload: [1]) }
    #expect(throws: LogError.disk(error)) { _ = try log.sync() }
    #expect(throws: LogError.disk(error)) { try log.close() }
    #expect(log.durable == durable)
    // Existing segments can still be read, and the incomplete file is gone.
    #expect(try disk.list() == ["000001.segment", "000002.segment"])

    var again = try TestLog.open(disk)
    #expect(again.appended >= durable)
    try TestLog.append(&again, to: 100)
    try again.close()
    var last = try TestLog.open(disk)
    try TestLog.expectIntact(&last)
  }

  @Test("D3: a disk too full to prepare the next segment is reported while the log still works")
  func fullAhead() throws {
    let disk = MemoryDisk()
    disk.capacity = 8192 + 100
    var log = try TestLog.create(disk)
    #expect(try !log.prepareNext(), "nothing is prepared before half of the segment is used")
    while try log.append(kind: 1, height: .genesis, payload: [1]).address.offset < 4096 + 2000 {}
    let error = #expect(throws: LogError.self) { _ = try log.prepareNext() }
    #expect(error?.code == "disk.full")
    let position = try log.append(kind: 1, height: .genesis, payload: [2]).position
    #expect(try log.sync() == position)
    disk.capacity = .max
    while try log.prepareNext(stepBytes: 4096) {}
    #expect(try disk.list() == ["000001.segment", "000002.segment"])
    #expect(try !log.prepareNext(), "one is enough")
  }

  @Test("D3: a seal whose sync failed is durable after the next start")
  func failedSeal() throws {
    let disk = MemoryDisk()
    var log = try TestLog.create(disk)
    // The last sync before the failing one covers every record, so only the seal is not durable.
    for position in UInt64(1)...40 where !log.hasFailed {
      while try log.prepareNext() {}
      if log.room < 2 * (RecordHeader.stride(payloadBytes: 1400) + RecordHeader.bareStride) { disk.failingSyncs = 1 }
      do { try TestLog.append(&log, to: position) } catch { break }
      disk.failingSyncs = 0
      _ = try log.sync()
    }
    let hasFailed = log.hasFailed
    #expect(hasFailed)
    disk.failingSyncs = 0
    var again = try TestLog.open(disk)
    let segments = again.segmentList
    #expect(segments.map(\.isSealed) == [true, false])
    let rewritten = again.recovery.rewrittenBytes
    #expect(rewritten == RecordHeader.bareStride)
    try TestLog.append(&again, to: again.appended.rawValue + 3)
    _ = try again.sync()
    var generator = SeededGenerator(seed: 1)
    disk.crash(.nothing, using: &generator)
    var scrub = LogScrub(disk, owner: TestLog.owner)
    #expect(try scrub.step(bytes: 1 << 20, over: segments).found.isEmpty)
    var restarted = try TestLog.open(disk)
    let isSealed = restarted.segmentList.map(\.isSealed)
    #expect(isSealed == [true, false])
    try TestLog.expectIntact(&restarted)
  }

  @Test("D3: after a failed sync nothing more is promised, and a restart makes durable all that it reads")
  func failedSync() throws {
    for failing in 0..<12 {
      let disk = MemoryDisk()
      var log = try TestLog.create(disk)
      var durable = LogPosition.start
      var first: LogError?
      for round in 0..<12 {
        if round == failing { disk.failingSyncs = 1 }
        do {
          try TestLog.append(&log, to: UInt64(round * 3 + 3))
          durable = try log.sync()
        } catch {
          #expect(first == nil || first == error, "the first error is the answer to everything")
          first = error
        }
      }
      #expect(first?.code == "disk.input-output")
      #expect(log.durable == durable && durable.rawValue == UInt64(failing * 3))
      // After a restart of the process, the system still shows bytes that are not on disk.
      let again = try TestLog.open(disk)
      let shown = again.appended
      #expect(shown >= durable)
      var generator = SeededGenerator(seed: 5)
      disk.crash(.nothing, using: &generator)
      var last = try TestLog.open(disk)
      #expect(last.appended == shown)
      try TestLog.expectIntact(&last)
    }
  }

  @Test("D3: a failed write stops the log immediately")
  func failedWrite() throws {
    let disk = MemoryDisk()
    var log = try TestLog.create(disk)
    try TestLog.append(&log, to: 3)
    #expect(try log.sync() == LogPosition(3))
    disk.failingWrites = 1
    try TestLog.append(&log, to: 4)
    #expect(throws: LogError.self) { _ = try log.sync() }
    #expect(throws: LogError.self) { _ = try log.sync() }
    #expect(log.durable == LogPosition(3))
    #expect(try TestLog.open(disk).appended == LogPosition(3))
  }

  @Test("D3: a disk that cannot be read is an error, not the end of the log")
  func failedRead() throws {
    let (disk, addresses) = try TestLog.filled(5)
    disk.failingReads = 1
    let error = #expect(throws: LogError.self) { _ = try TestLog.open(disk) }
    #expect(error?.code == "disk.input-output")
    let log = try TestLog.open(disk)
    disk.failingReads = 1
    #expect(throws: LogError.self) { _ = try log.read(addresses[2]) }
    #expect(try log.read(addresses[2]).payload == TestLog.payload(3))
  }
}
