import Foundation
import Primitives
import Synchronization
import TestHarness
import Testing

@testable import BlockLog

@Testing.Suite("The log on a real disk")
struct FileDiskTests {
  let chain = Digest(1, 2, 3, 4)

  /// Runs `body` in a fresh directory and removes it afterwards.
  func inTemporaryDirectory(_ body: (String) throws -> Void) throws {
    let directory = try TemporaryDirectory()
    try withExtendedLifetime(directory) { try body(directory.path) }
  }

  @Test("Synced records are read back after reopening, in order and by address")
  func roundTrip() throws {
    try inTemporaryDirectory { path in
      let options = LogOptions(firstSegmentBytes: 16 << 10, segmentBytes: 64 << 10)
      var addresses: [RecordAddress] = []
      var log = try BlockLog.create(try FileDisk(path: path), owner: .anyone(of: chain), options: options)
      for index in 0..<300 {
        let payload = [UInt8](repeating: UInt8(index & 0xFF), count: index * 3)
        let (position, address) = try log.append(kind: 7, height: Height(UInt64(index)), payload: payload)
        #expect(position == LogPosition(UInt64(index + 1)))
        addresses.append(address)
        if index % 10 == 9 { #expect(try log.sync() == position) }
        while try log.prepareNext() {}
      }
      try log.close()

      let again = try BlockLog.open(try FileDisk(path: path), owner: .anyone(of: chain), options: options)
      #expect(again.recovery.outcome == .clean)
      #expect(again.appended == LogPosition(300))
      #expect(again.recovery.segments > 2)
      for (index, address) in addresses.enumerated() {
        let record = try again.read(address)
        #expect(record.position == LogPosition(UInt64(index + 1)))
        #expect(record.payload == [UInt8](repeating: UInt8(index & 0xFF), count: index * 3))
      }
      var replaying = try BlockLog.open(try FileDisk(path: path), owner: .anyone(of: chain), options: options)
      #expect(try TestLog.records(&replaying, from: 123).map(\.position.rawValue) == Array(123...300))
    }
  }

  @Test("D2, D6: on a real disk too, damage is repaired, and segments are archived, pruned and read together")
  func maintenance() throws {
    try inTemporaryDirectory { path in
      let options = LogOptions(firstSegmentBytes: 16 << 10, segmentBytes: 64 << 10)
      let disk = try FileDisk(path: "\(path)/log")
      let archive = try FileDisk(path: "\(path)/archive")
      var log = try BlockLog.create(disk, owner: .anyone(of: chain), options: options)
      var addresses: [RecordAddress] = []
      for index in 0..<300 {
        let payload = [UInt8](repeating: UInt8(index & 0xFF), count: index * 3)
        addresses.append(try log.append(kind: 7, height: Height(UInt64(index)), payload: payload).address)
      }
      _ = try log.sync()
      let garbage = [UInt8](repeating: 0x3C, count: 5)
      try disk.write(
        SegmentHeader.fileName(addresses[100].segment), at: Int(addresses[100].offset) + 50, garbage.span.bytes)
      let reading = try FileDisk(path: "\(path)/log", access: .readOnly)
      var scrub = LogScrub(reading, owner: .anyone(of: chain))
      let report = try scrub.step(bytes: 1 << 20, over: log.segmentList)
      #expect(report.endedRound && report.found.count == 1 && report.found[0].header?.payloadBytes == 300)
      try log.repair(
        report.found[0],
        with: [ReplacementRecord(kind: 7, height: Height(100), payload: [UInt8](repeating: 100, count: 300))],
        void: VoidRecord(kind: 99))
      #expect(try scrub.step(bytes: 1 << 20, over: log.segmentList).found.isEmpty)
      #expect(try log.read(addresses[100]).payload == [UInt8](repeating: 100, count: 300))

      let active = try #require(log.segmentList.last { $0.first != nil }).number
      for segment in log.segmentList where segment.number < active {
        try LogArchive.copy(segment, from: reading, to: archive, owner: .anyone(of: chain))
      }
      try log.prune(before: active, carry: [1, 2])
      try log.close()
      let again = try BlockLog.open(try FileDisk(path: "\(path)/log"), owner: .anyone(of: chain), options: options)
      #expect(again.recovery.outcome == .clean && again.appended == LogPosition(300))
      #expect(again.pruned?.carry == [1, 2] && again.pruned?.firstSegment == active)
      #expect(try disk.list().filter { $0.hasSuffix(".segment") }.first == SegmentHeader.fileName(active))
      let both = ArchivedDisk([archive, try FileDisk(path: "\(path)/log", access: .readOnly)])
      let (inspection, _) = try LogReader(both, owner: .anyone(of: chain)).inspect()
      #expect(inspection.outcome == .clean && inspection.records == 300)
      #expect(try LogReader(both, owner: .anyone(of: chain)).survey().survey.stretches.isEmpty)
    }
  }

  @Test("A file that was dropped from memory is read as before, and so is one that is not open")
  func released() throws {
    try inTemporaryDirectory { path in
      let disk = try FileDisk(path: path)
      let bytes = (0..<20_000).map { UInt8(truncatingIfNeeded: $0) }
      try disk.create("a", byteCount: bytes.count)
      try disk.write("a", at: 0, bytes.span.bytes)
      try disk.sync("a")
      disk.release("a")
      disk.release("b")
      var read = [UInt8](repeating: 0, count: bytes.count)
      #expect(try disk.read("a", at: 0, into: &read) == bytes.count)
      #expect(read == bytes)
    }
  }

  @Test("C9: a second start in the same directory is refused with the process of the first")
  func lock() throws {
    try inTemporaryDirectory { path in
      do {
        let first = try DirectoryLock(directory: path)
        let error = #expect(throws: DirectoryLockError.self) { _ = try DirectoryLock(directory: path) }
        #expect(error == .held(path: "\(path)/LOCK", owner: ProcessInfo.processInfo.processIdentifier))
        #expect(error?.explanation.contains("pid \(ProcessInfo.processInfo.processIdentifier)") == true)
        _ = consume first
      }
      // A process that another test starts has a copy of the lock until it executes its program.
      while true {
        do throws(DirectoryLockError) {
          _ = try DirectoryLock(directory: path)
          break
        } catch {
          guard case .held = error else { throw error }
          sched_yield()
        }
      }
    }
  }

  @Test("Each error of the system has its own code and next step; no size is given where none was requested")
  func causes() {
    for (number, code) in [
      (ENOSPC, "disk.full"), (EDQUOT, "disk.full"), (EROFS, "disk.read-only"), (EACCES, "disk.denied"),
      (EPERM, "disk.denied"), (EMFILE, "disk.no-descriptors"), (ENFILE, "disk.no-descriptors"),
      (EIO, "disk.input-output"), (ENOENT, "disk.missing"), (EINVAL, "disk.other"),
    ] {
      let error = DiskError(.create, path: "/not/there", errno: number)
      #expect(error.code == code)
      #expect(!error.nextStep.contains("0 bytes"))
    }
    #expect(DiskError(.create, path: "/", errno: ENOSPC, byteCount: 4096).nextStep.contains("4096 bytes"))
  }

  @Test("A folder in which a file can be created passes the trial and is unchanged; any other fails it")
  func trial() throws {
    try inTemporaryDirectory { path in
      let disk = try FileDisk(path: path)
      try disk.tryToWrite()
      #expect(try disk.list().isEmpty)
    }
    #expect(throws: DiskError.self) { try FileDisk(path: "/proc").tryToWrite() }
  }

  @Test("An error of the operating system gives the path and the system's text")
  func refusals() throws {
    let error = #expect(throws: DiskError.self) { _ = try FileDisk(path: "/nowhere/at/all", access: .readOnly) }
    #expect(error?.cause == .missing)
    #expect(error?.explanation.contains("/nowhere/at/all") == true)
    #expect(error?.explanation.contains("No such file") == true)
    try inTemporaryDirectory { path in
      let disk = try FileDisk(path: path)
      var buffer = [UInt8](repeating: 0, count: 8)
      #expect(throws: DiskError.self) { _ = try disk.read("none", at: 0, into: &buffer) }
      #expect(try disk.size(of: "none") == nil)
      try disk.remove("none")
      #expect(throws: LogError.noLog) { _ = try BlockLog.open(disk, owner: .anyone(of: chain)) }
      _ = try BlockLog.create(disk, owner: .anyone(of: chain))
      #expect(throws: LogError.exists) { _ = try BlockLog.create(disk, owner: .anyone(of: chain)) }
    }
  }

  @Test("Threads that share a disk and use more files than stay open read only their own files' bytes")
  func sharedByThreads() throws {
    try inTemporaryDirectory { path in
      let disk = try FileDisk(path: path)
      let count = 3 * FileDisk.openFiles
      for number in 0..<count {
        try disk.create("file-\(number)", byteCount: 0)
        try disk.write("file-\(number)", at: 0, [UInt8](repeating: UInt8(number), count: 64).span.bytes)
        try disk.sync("file-\(number)")
      }
      let wrong = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 8) { thread in
        var buffer = [UInt8](repeating: 0, count: 64)
        for turn in 0..<4000 {
          let number = (thread * 7 + turn * 5) % count
          do throws(DiskError) {
            let read = try disk.read("file-\(number)", at: 0, into: &buffer)
            if read == 64, buffer.allSatisfy({ $0 == UInt8(number) }) { continue }
            wrong.withLock { $0.append("file \(number) gave \(read) bytes of \(buffer[0])") }
          } catch {
            wrong.withLock { $0.append(error.explanation) }
          }
        }
      }
      let found = wrong.withLock { $0 }
      #expect(found.isEmpty, "\(found.count) reads, the first: \(found.first ?? "")")
    }
  }
}
