import BlockLog
import Foundation
import Primitives

/// The log in the system's temporary folder, compared with bare system calls on the same disk in the same run.
enum LogBench {
  static func run(_ report: Report) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "core-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    report.note("log: in \(FileManager.default.temporaryDirectory.path); segments of \(Limits.segmentBytes >> 20) MiB")
    var log = try BlockLog.create(
      FileDisk(path: folder.appending(path: "log").path), owner: .anyone(of: Digest(1, 2, 3, 4)),
      options: LogOptions(firstSegmentBytes: Limits.segmentBytes))
    try append(&log, report)
    for kibibytes in [4, 64, 1024] {
      try sync(&log, kibibytes << 10, count: kibibytes < 1024 ? 200 : 100, folder, report)
    }
    // The first segment is prepared before the log counts anything.
    report.note(
      String(
        format: "log: and each byte of a segment once before, as zeros: %d MiB for %d MiB written",
        (log.statistics.preparedBytes + Limits.segmentBytes) >> 20, log.statistics.writtenBytes >> 20))
    try log.close()
  }

  /// Appends to memory, and from there to the system whenever a batch is full; nothing waits for the disk.
  private static func append(_ log: inout BlockLog<FileDisk>, _ report: Report) throws {
    let payload = [UInt8](repeating: 7, count: 300)
    let records = 100_000
    let before = log.statistics
    let cost = try Cost.measure { () throws(LogError) in
      for _ in 0..<records { _ = try log.append(kind: 1, height: Height(1), payload: payload) }
    }
    report.line("log: append 300 bytes, no sync", records, cost, "record")
    _ = try log.sync()
    amplification("300 bytes", before, log.statistics, report)
  }

  /// Measures an append with a sync, alternating with a bare write of the same size over blocks that were written
  /// before.
  private static func sync(
    _ log: inout BlockLog<FileDisk>, _ byteCount: Int, count: Int, _ folder: URL, _ report: Report
  ) throws {
    let size = byteCount >= 1 << 20 ? "\(byteCount >> 20) MiB" : "\(byteCount >> 10) KiB"
    let payload = [UInt8](repeating: 7, count: byteCount)
    let bare = try BareFile(folder.appending(path: "bare").path, byteCount: Limits.segmentBytes)
    var costs = (log: [Cost](), bare: [Cost]())
    let before = log.statistics
    for _ in 0..<count {
      // The node's log thread does the same while it is idle.
      while try log.prepareNext() {}
      costs.log.append(
        try Cost.measure {
          _ = try log.append(kind: 1, height: Height(1), payload: payload)
          _ = try log.sync()
        })
      costs.bare.append(try Cost.measure { try bare.writeAndSync(payload) })
    }
    let costOfLog = Cost.typical(costs.log)
    let costOfBare = Cost.typical(costs.bare)
    report.line("log: append \(size) and sync, median", count, costOfLog, "record", clock: .wall)
    report.line("bare: pwrite \(size) and fdatasync, median", count, costOfBare, "write", clock: .wall)
    // On a busy machine, the median shows when the scheduler resumed the thread; the fastest tenth shows what the disk
    // can do.
    func fast(_ costs: [Cost]) -> Double { costs.map(\.wall.nanoseconds).sorted()[count / 10] / 1000 }
    report.note(
      String(
        format: "log, %@: %.2f times the bare calls; a tenth takes at most %.0f us, of the bare calls %.0f us", size,
        costOfLog.wall.nanoseconds / costOfBare.wall.nanoseconds, fast(costs.log), fast(costs.bare)))
    amplification(size, before, log.statistics, report)
  }

  private static func amplification(
    _ size: String, _ before: LogStatistics, _ after: LogStatistics, _ report: Report
  ) {
    let payload = Double(after.payloadBytes - before.payloadBytes)
    report.note(
      String(
        format: "log, records of %@: %.4f bytes written for a byte of payload", size,
        Double(after.writtenBytes - before.writtenBytes) / payload))
  }
}
