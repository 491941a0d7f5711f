import Primitives
import Testing

@testable import BlockLog

@Testing.Suite("Crashes")
struct CrashTests {
  /// A run over three segments with every kind of step. Returns what had been promised when the disk stopped.
  func script(_ disk: MemoryDisk) -> (durable: UInt64, appended: UInt64) {
    var promised: (durable: UInt64, appended: UInt64) = (0, 0)
    do {
      var log = try TestLog.create(disk)
      for round in 0..<13 {
        for _ in 0..<(round % 3 + 1) {
          // Counted before the append, because a record may reach the disk although its append failed.
          promised.appended += 1
          try TestLog.append(&log, to: promised.appended)
          if round % 4 == 1 { try log.flush() }
        }
        if round % 3 != 2 { promised.durable = try log.sync().rawValue }
        _ = try log.prepareNext(stepBytes: 4096)
        if round == 4 {
          try log.close()
          promised.durable = log.durable.rawValue
          log = try TestLog.open(disk)
        }
      }
      promised.durable = try log.sync().rawValue
      try log.close()
    } catch {
      // The disk has stopped.
    }
    return promised
  }

  func expectRecovered(
    _ disk: MemoryDisk, _ promised: (durable: UInt64, appended: UInt64), _ comment: String
  ) throws {
    do {
      var log = try TestLog.open(disk)
      let found = log.appended.rawValue
      #expect(found >= promised.durable && found <= promised.appended, "\(comment): \(found) of \(promised)")
      try TestLog.expectIntact(&log, comment)
      let once = try TestLog.contents(disk)
      let again = try TestLog.open(disk)
      #expect(again.appended.rawValue == found, "\(comment)")
      #expect(try TestLog.contents(disk) == once, "opening twice changes the disk: \(comment)")
      if case .cut = again.recovery.outcome { Issue.record("cut twice: \(comment)") }
      // Everything that an open log shows must be durable.
      var generator = SeededGenerator(seed: 1)
      disk.crash(.nothing, using: &generator)
      var more = try TestLog.open(disk)
      #expect(more.appended.rawValue == found, "\(comment)")
      try TestLog.append(&more, to: found + 9)
      try more.close()
      var last = try TestLog.open(disk)
      #expect(last.recovery.outcome == .clean, "\(comment)")
      try TestLog.expectIntact(&last, comment)
    } catch LogError.noLog {
      #expect(promised.durable == 0, "\(comment)")
    } catch {
      Issue.record("\(comment): \(error)")
    }
  }

  @Test("C8, D1: after a crash before any disk operation, everything durable is present, once, in order")
  func everyStep() throws {
    let whole = MemoryDisk()
    let complete = script(whole)
    #expect(complete.durable == complete.appended)
    #expect(try whole.list().filter { $0.hasSuffix("segment") }.count >= 3)
    var generator = SeededGenerator(seed: 7)
    for step in 0...whole.operations {
      let stopped = MemoryDisk()
      stopped.operationsLeft = step
      let promised = script(stopped)
      for survival in MemoryDisk.Survival.allCases {
        for round in 0..<(survival == .nothing || survival == .everything ? 1 : 3) {
          let disk = stopped.copy()
          disk.crash(survival, using: &generator)
          try expectRecovered(disk, promised, "step \(step), \(survival), round \(round)")
        }
      }
      // Only the process ends: the system keeps everything written so far.
      let disk = stopped.copy()
      disk.operationsLeft = nil
      try expectRecovered(disk, promised, "step \(step), process killed")
    }
  }

  @Test("D1: a crash at any step of a recovery is recovered from")
  func duringRecovery() throws {
    var generator = SeededGenerator(seed: 11)
    var cuts = 0
    for seed in 0..<25 {
      // A large batch, only part of which is on disk.
      let (disk, _) = try TestLog.filled(9)
      var log = try TestLog.open(disk)
      try TestLog.append(&log, to: 9 + UInt64(seed % 6 + 1))
      try log.flush()
      let promised = (durable: log.durable.rawValue, appended: log.appended.rawValue)
      disk.crash(.scattered, using: &generator)
      let trial = disk.copy()
      if case .cut = try TestLog.open(trial).recovery.outcome { cuts += 1 }
      let steps = trial.operations - disk.operations
      for step in 0..<steps {
        for survival in [MemoryDisk.Survival.scattered, .prefix, .nothing] {
          let stopped = disk.copy()
          stopped.operationsLeft = step
          #expect(throws: LogError.self) { _ = try TestLog.open(stopped) }
          stopped.crash(survival, using: &generator)
          try expectRecovered(stopped, promised, "seed \(seed), step \(step), \(survival)")
        }
      }
    }
    #expect(cuts > 8)
  }

  @Test("D5: records beyond the capacity of the buffer are written early and recovered")
  func moreThanTheBuffer() throws {
    let disk = MemoryDisk()
    var log = try TestLog.create(disk)
    try TestLog.append(&log, to: 60)
    #expect(log.statistics.writes > 5)
    _ = try log.sync()
    var generator = SeededGenerator(seed: 3)
    disk.crash(.nothing, using: &generator)
    var again = try TestLog.open(disk)
    #expect(again.appended == LogPosition(60))
    try TestLog.expectIntact(&again)
  }
}
