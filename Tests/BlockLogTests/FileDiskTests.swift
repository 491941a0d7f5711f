import Foundation
import Primitives
import Testing

@testable import BlockLog

@Testing.Suite("The log on a real disk")
struct FileDiskTests {
  let chain = Digest(1, 2, 3, 4)

  /// Runs `body` in a fresh directory and removes it afterwards.
  func inTemporaryDirectory(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "roadbed-log-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test("What was synced is read back after opening again, in order and by address")
  func roundTrip() throws {
    try inTemporaryDirectory { path in
      let options = LogOptions(firstSegmentBytes: 16 << 10, segmentBytes: 64 << 10)
      var addresses: [RecordAddress] = []
      var log = try BlockLog.create(try FileDisk(path: path), chain: chain, options: options)
      for index in 0..<300 {
        let payload = [UInt8](repeating: UInt8(index & 0xFF), count: index * 3)
        let (position, address) = try log.append(kind: 7, height: Height(UInt64(index)), payload: payload)
        #expect(position == LogPosition(UInt64(index + 1)))
        addresses.append(address)
        if index % 10 == 9 { #expect(try log.sync() == position) }
        while try log.prepareNext() {}
      }
      try log.close()

      let again = try BlockLog.open(try FileDisk(path: path), chain: chain, options: options)
      #expect(again.recovery.outcome == .clean)
      #expect(again.appended == LogPosition(300))
      #expect(again.recovery.segments > 2)
      for (index, address) in addresses.enumerated() {
        let record = try again.read(address)
        #expect(record.position == LogPosition(UInt64(index + 1)))
        #expect(record.payload == [UInt8](repeating: UInt8(index & 0xFF), count: index * 3))
      }
      var replaying = try BlockLog.open(try FileDisk(path: path), chain: chain, options: options)
      var positions: [UInt64] = []
      try replaying.replay(from: LogPosition(123)) { record in
        positions.append(record.position.rawValue)
        return true
      }
      #expect(positions == Array(123...300))
    }
  }

  @Test("C9: a second start in the same directory is refused and names the first one's process")
  func lock() throws {
    try inTemporaryDirectory { path in
      do {
        let first = try DirectoryLock(directory: path)
        let error = #expect(throws: DirectoryLockError.self) { _ = try DirectoryLock(directory: path) }
        #expect(error == .held(path: "\(path)/LOCK", owner: ProcessInfo.processInfo.processIdentifier))
        #expect(error?.explanation.contains("pid \(ProcessInfo.processInfo.processIdentifier)") == true)
        _ = consume first
      }
      _ = try DirectoryLock(directory: path)
    }
  }

  @Test("The operating system's refusal names the path and the system's words")
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
      #expect(throws: LogError.noLog) { _ = try BlockLog.open(disk, chain: chain) }
      _ = try BlockLog.create(disk, chain: chain)
      #expect(throws: LogError.exists) { _ = try BlockLog.create(disk, chain: chain) }
    }
  }
}
