import Primitives
import TestHarness
import Testing

@testable import BlockLog

/// A log's whole life on a disk on which one call fails, or that call and all later ones.
@Testing.Suite("Errors at every call")
struct EveryCallTests {
  typealias Log = BlockLog<FaultyDisk>

  static let causes: [DiskError.Cause] = [.inputOutput, .full, .noDescriptors]

  /// What a life was told.
  struct Life {
    let disk: FaultyDisk
    /// The last position that was reported durable.
    var durable: UInt64 = 0
    /// The last position that may be on disk.
    var appended: UInt64 = 0
    /// The first segment after the last pruning that was reported done.
    var firstSegment: UInt32 = 1
    var errors: [LogError] = []
    var repairs = 0
    var segments = 0

    init(_ fault: FaultyDisk.Fault?) { disk = FaultyDisk(FaultyDisk.Plan(fault)) }
  }

  /// Opens the log as a node does: what is damaged is put back. Nil if the disk does not allow it.
  static func open(_ life: inout Life) -> Log? {
    // A fault that lasts is there at every attempt.
    for _ in 0..<3 {
      do throws(LogError) {
        return try Log.open(life.disk, owner: TestLog.owner, options: TestLog.options)
      } catch {
        life.errors.append(error)
        do throws(LogError) {
          if error == .noLog { return try Log.create(life.disk, owner: TestLog.owner, options: TestLog.options) }
          if case .damaged = error { try mend(life) }
        } catch {
          life.errors.append(error)
        }
      }
    }
    return nil
  }

  static func mend(_ life: Life) throws(LogError) {
    let survey = try LogReader(life.disk, owner: TestLog.owner).survey().survey
    for stretch in survey.stretches {
      try LogRepair.rewrite(
        stretch, with: RepairTests.replacements(stretch, upTo: life.appended), void: RepairTests.void, on: life.disk)
    }
  }

  /// Appends `count` records, and makes them durable or only hands them over.
  static func write(_ count: Int, isSynced: Bool, _ log: inout Log, _ life: inout Life) throws(LogError) {
    for _ in 0..<count {
      let next = log.appended.rawValue + 1
      life.appended = max(life.appended, next)
      _ = try log.append(kind: UInt8(next % 5 + 1), height: TestLog.height(next), payload: TestLog.payload(next))
    }
    if isSynced { life.durable = max(life.durable, try log.sync().rawValue) } else { try log.flush() }
  }

  /// Damages a record of the first sealed segment, finds it and puts it back.
  static func damage(_ log: inout Log, _ life: inout Life) throws(LogError) {
    guard let sealed = log.segmentList.first(where: { $0.isSealed && $0.first != nil }) else { return }
    life.disk.disk.flipBit(of: sealed.file, at: SegmentHeader.reservedBytes + RecordHeader.byteCount + 3, bit: 2)
    try scrub(&log, &life)
  }

  static func scrub(_ log: inout Log, _ life: inout Life) throws(LogError) {
    var scrub = LogScrub(life.disk, owner: TestLog.owner)
    var endedRound = false
    while !endedRound {
      let report = try scrub.step(bytes: 8192, over: log.segmentList)
      endedRound = report.endedRound
      for stretch in report.found {
        try log.repair(
          stretch, with: RepairTests.replacements(stretch, upTo: log.appended.rawValue), void: RepairTests.void)
        life.repairs += 1
      }
    }
  }

  static func step(_ round: Int, _ log: inout Log, _ life: inout Life) throws(LogError) {
    switch round {
    case 6, 15: try log.close()
    case 9: try damage(&log, &life)
    case 11: try scrub(&log, &life)
    case 13:
      guard let first = log.segmentList.first(where: { !$0.isSealed }), first.number > 1 else { return }
      try log.prune(before: first.number, carry: [1, 2, 3])
      life.firstSegment = max(life.firstSegment, first.number)
    case 17:
      var cursor = try log.records(from: log.pruned?.firstPosition ?? LogPosition(1))
      while let record = try cursor.next() { _ = try log.read(record.address) }
    default: try write(round % 3 + 1, isSynced: round % 3 != 2, &log, &life)
    }
    _ = try log.prepareNext(stepBytes: 8192)
  }

  /// Runs the whole script. After an error the log is opened again if it accepts nothing more, as by a process that
  /// starts again; otherwise it goes on.
  static func live(_ fault: FaultyDisk.Fault?) -> Life {
    var life = Life(fault)
    guard var log = open(&life) else { return life }
    for round in 0..<20 {
      do throws(LogError) {
        try step(round, &log, &life)
      } catch {
        if error != .closed { life.errors.append(error) }
        guard log.hasFailed else { continue }
        guard let again = open(&life) else { return life }
        log = again
      }
    }
    life.segments = log.segmentList.count
    return life
  }

  private func expectKept(_ life: Life, _ comment: String) {
    var after = life
    after.errors = []
    life.disk.plan.fault = nil
    guard var log = Self.open(&after) else {
      Issue.record("\(comment): the log does not open: \(after.errors)")
      return
    }
    let (found, pruned) = (log.appended.rawValue, log.pruned)
    #expect(found >= life.durable && found <= life.appended, "\(comment): \(found) of \(life.durable)")
    #expect(pruned?.firstSegment ?? 1 >= life.firstSegment, "\(comment): \(life.firstSegment)")
    do {
      var next = pruned?.firstPosition.rawValue ?? 1
      var cursor = try log.records(from: LogPosition(next))
      while let record = try cursor.next() {
        if record.position.rawValue != next || record.payload != TestLog.payload(next) {
          Issue.record("\(comment): \(record.position) instead of \(next)")
        }
        next += 1
      }
      #expect(next == found + 1, "\(comment)")
      try Self.write(3, isSynced: true, &log, &after)
      try log.close()
    } catch {
      Issue.record("\(comment): \(error)")
    }
    #expect(after.durable == found + 3, "\(comment)")
  }

  @Test(
    "D9: whichever call fails, with whichever error and effect, nothing durable is lost and the log opens again",
    arguments: FaultyDisk.Effect.allCases, [false, true])
  func everyCall(effect: FaultyDisk.Effect, lasts: Bool) throws {
    let whole = Self.live(nil)
    #expect(whole.errors == [.noLog])
    #expect(whole.repairs == 1 && whole.firstSegment > 1 && whole.segments > 1)
    #expect(whole.durable == whole.appended)
    var generator = SeededGenerator(seed: 9)
    let calls = whole.disk.plan.calls
    for call in 0..<calls {
      // Over the arguments, each call meets every cause.
      let cause = Self.causes[(call + (effect == .nothing ? 0 : effect == .part ? 1 : 2)) % Self.causes.count]
      let life = Self.live(FaultyDisk.Fault(call: call, cause: cause, effect: effect, lasts: lasts))
      let comment = "call \(call) of \(calls), \(cause)"
      #expect(life.disk.plan.failed > 0, "\(comment)")
      for error in life.errors {
        switch error {
        case .disk(let error): #expect(error.cause == cause, "\(comment)")
        case .noLog, .damaged: break
        default: Issue.record("\(comment): \(error)")
        }
      }
      life.disk.disk.crash(MemoryDisk.Survival.allCases[call % 4], using: &generator)
      expectKept(life, comment)
    }
  }
}
