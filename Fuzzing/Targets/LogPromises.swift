internal import BlockLog
internal import Primitives

/// The promises of the log about arbitrary files.
struct LogPromises {
  let owner: LogOwner
  var options = LogOptions(firstSegmentBytes: 8192, segmentBytes: 16_384, salt: 7, batchBytes: 4096)

  /// - Parameter choices: which records repairs put back.
  func check(_ disk: MemoryDisk, _ choices: UInt8) throws(BrokenPromise) {
    let before = Self.contents(disk)
    let inspection = try? LogReader(disk, owner: owner).inspect().inspection
    let survey = try FuzzTarget.attempt { try LogReader(disk, owner: owner).survey() }
    try promise(Self.contents(disk) == before, "looking changes the files")
    if let survey { try walk(survey.survey, survey.entries) }
    let isOpened = try open(disk.copy())
    if let inspection {
      try promise(isOpened == inspection.isOpenable, "inspection says \(inspection.outcome), opened: \(isOpened)")
    }
    if let survey, survey.survey.stretches.isEmpty, !survey.survey.isTorn {
      try promise(isOpened, "no damage is found, \(String(describing: inspection)) cannot be opened: \(survey.survey)")
    }
    if let survey { try repair(disk.copy(), survey.survey, choices) }
  }

  /// Checks that the cursor returns what the survey counts, at ascending positions.
  private func walk(_ survey: LogSurvey, _ cursor: consuming SurveyCursor<MemoryDisk>) throws(BrokenPromise) {
    var records = 0
    var stretches = 0
    var last: UInt64 = 0
    do throws(LogError) {
      while let entry = try cursor.nextEntry() {
        switch entry {
        case .record(let record):
          records += 1
          if record.position.rawValue <= last { records = -1_000_000 }
          last = record.position.rawValue
        case .stretch: stretches += 1
        }
      }
    } catch {
      throw BrokenPromise("the survey finds \(survey), its cursor stops: \(error.explanation)")
    }
    try promise(
      records == survey.records && stretches == survey.stretches.count,
      "the survey finds \(survey), its cursor shows \(records) records and \(stretches) stretches")
  }

  /// Opens the log twice, and returns whether it can be opened.
  @discardableResult
  private func open(_ disk: MemoryDisk) throws(BrokenPromise) -> Bool {
    let before = Self.contents(disk)
    guard let first = try FuzzTarget.attempt({ try records(of: disk) }) else {
      try promise(Self.contents(disk) == before, "a log that is refused was changed")
      return false
    }
    let opened = Self.contents(disk)
    let second: Opening
    do {
      second = try records(of: disk)
    } catch {
      throw BrokenPromise("a log that was opened is refused the second time: \(error)")
    }
    try promise(first.records == second.records, "opened again, the log has other records")
    if case .cut = second.recovery.outcome { throw BrokenPromise("opened again, something is cut: \(second.recovery)") }
    try promise(opened == Self.contents(disk), "opening again changes the files")
    try append(disk, first.records)
    return true
  }

  private func append(_ disk: MemoryDisk, _ records: [LogRecord]) throws(BrokenPromise) {
    do {
      var log = try BlockLog.open(disk, owner: owner, options: options)
      // Nothing can be appended at the last possible position, which no real log reaches.
      guard log.appended.rawValue < .max - 1 else { return }
      let added = try log.append(kind: 9, height: Height(1), payload: [1, 2, 3])
      try log.close()
      let after = try self.records(of: disk)
      // A segment without room for a clean-end mark does not get one.
      switch after.recovery.outcome {
      case .clean, .unclosed: break
      default: throw BrokenPromise("a log that was closed is \(after.recovery.outcome)")
      }
      try promise(
        after.records.dropLast() == records[...] && after.records.last?.address == added.address,
        "an appended record is not where it was put")
    } catch let broken as BrokenPromise {
      throw broken
    } catch {
      throw BrokenPromise("a log that was opened takes no record: \(error)")
    }
  }

  private struct Opening {
    var recovery: RecoveryReport
    var records: [LogRecord]
  }

  private func records(of disk: MemoryDisk) throws(LogError) -> Opening {
    var log = try BlockLog.open(disk, owner: owner, options: options)
    var opening = Opening(recovery: log.recovery, records: [])
    var cursor = try log.records()
    while let record = try cursor.next() { opening.records.append(record) }
    return opening
  }

  /// Repairs every stretch that was found. A repair that is not possible must be refused and change nothing.
  private func repair(_ disk: MemoryDisk, _ survey: LogSurvey, _ choices: UInt8) throws(BrokenPromise) {
    guard !survey.stretches.isEmpty else { return }
    let void = VoidRecord(kind: 99, prefix: [0x76, 0x6F])
    for (index, stretch) in survey.stretches.enumerated() {
      let isReplaced = choices & (1 << UInt8(index % 8)) != 0
      let replacements =
        isReplaced && stretch.count != 0
        ? [ReplacementRecord(kind: stretch.header?.kind ?? 3, height: Height(2), payload: [5, 6])] : []
      let before = Self.contents(disk)
      do throws(LogError) {
        try LogRepair.rewrite(stretch, with: replacements, void: void, on: disk)
      } catch {
        try promise(Self.contents(disk) == before, "a refused repair changed something: \(error.explanation)")
        return
      }
    }
    do {
      let again = try LogReader(disk, owner: owner).survey().survey
      try promise(again.stretches.isEmpty, "repaired \(survey.stretches), damaged again: \(again.stretches)")
      try promise(
        again.records >= survey.records, "repaired \(survey), which has fewer records then: \(again)")
    } catch let broken as BrokenPromise {
      throw broken
    } catch {
      throw BrokenPromise("repaired \(survey.stretches), refused: \(error)")
    }
    guard try !open(disk), !survey.isTorn else { return }
    throw BrokenPromise("repaired \(survey.stretches), cannot be opened")
  }

  static func contents(_ disk: MemoryDisk) -> [String: [UInt8]] {
    var contents: [String: [UInt8]] = [:]
    for file in (try? disk.list()) ?? [] { contents[file] = disk.contents(of: file) }
    return contents
  }
}

extension LogSurvey {
  /// A start may judge a torn end differently: it also believes durable marks in sound headers that cannot belong where
  /// they are, which a survey ignores. It then refuses the log, which loses nothing.
  var isTorn: Bool { if case .torn = ending { true } else { false } }
}

extension LogReader.Inspection {
  /// Whether a start would accept the log.
  var isOpenable: Bool {
    switch outcome {
    case .clean, .unclosed, .torn: true
    case .damaged: false
    }
  }
}
