import Primitives
import Testing

@testable import BlockLog

@Testing.Suite("Survey and repair")
struct RepairTests {
  static let void = VoidRecord(kind: 99, prefix: [0x76, 0x6F, 0x69, 0x64])

  /// The original record at a position.
  static func original(_ position: UInt64) -> ReplacementRecord {
    ReplacementRecord(
      kind: UInt8(position % 5 + 1), height: TestLog.height(position), payload: TestLog.payload(position))
  }

  /// The lost records of a stretch for which `keep` returns true.
  static func replacements(
    _ stretch: DamagedStretch, upTo last: UInt64, keep: (UInt64) -> Bool = { _ in true }
  ) -> [ReplacementRecord] {
    let first = stretch.first.rawValue
    let end = stretch.count.map { first + UInt64($0) } ?? last + 1
    return (first..<max(first, end)).filter(keep).map(original)
  }

  /// Surveys and repairs until nothing is damaged. Returns the first survey.
  @discardableResult
  static func repair(
    _ disk: MemoryDisk, upTo last: UInt64, keep: (UInt64) -> Bool = { _ in true }
  ) throws -> LogSurvey {
    let survey = try LogReader(disk, owner: TestLog.owner).survey().survey
    for stretch in survey.stretches {
      try LogRepair.rewrite(
        stretch, with: replacements(stretch, upTo: last, keep: keep), void: void, on: disk)
    }
    return survey
  }

  /// Opens a repaired log. Expects each position exactly once, each record that was not lost at its old address, and
  /// that further records can be appended.
  static func expectMended(
    _ disk: MemoryDisk, upTo last: UInt64, sound: [RecordAddress?], _ comment: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var log = try TestLog.open(disk)
    switch log.recovery.outcome {
    case .clean, .unclosed: break
    default: Issue.record("\(comment): \(log.recovery.outcome)", sourceLocation: sourceLocation)
    }
    #expect(log.appended.rawValue >= last, "\(comment)", sourceLocation: sourceLocation)
    var position: UInt64 = 0
    for record in try TestLog.records(&log) {
      position += 1
      if record.position.rawValue != position {
        Issue.record("\(comment): \(record.position) instead of \(position)", sourceLocation: sourceLocation)
      }
    }
    #expect(position == log.appended.rawValue, "\(comment)", sourceLocation: sourceLocation)
    for (index, address) in sound.enumerated() {
      guard let address else { continue }
      let record = try log.read(address)
      if record.position.rawValue != UInt64(index + 1) || record.payload != TestLog.payload(UInt64(index + 1)) {
        Issue.record("\(comment): record \(index + 1) moved", sourceLocation: sourceLocation)
      }
    }
    try TestLog.append(&log, to: log.appended.rawValue + 5)
    try log.close()
    #expect(try TestLog.open(disk).recovery.outcome == .clean, "\(comment)", sourceLocation: sourceLocation)
  }

  /// The addresses, with nil for lost records.
  static func sound(_ addresses: [RecordAddress], _ stretches: [DamagedStretch]) -> [RecordAddress?] {
    addresses.map { address in
      stretches.contains { $0.segment.number == address.segment && $0.range.contains(Int(address.offset)) }
        ? nil : address
    }
  }

  /// The offsets to damage: a sample of the headers, of the records and, more sparsely, of zeros.
  static func places(_ bytes: [UInt8], step: Int) -> [Int] {
    bytes.indices.filter { offset in
      offset < 72 && offset % 5 == 0
        || offset >= 4096 && (bytes[offset] != 0 ? offset % step == 0 : offset % (11 * step) == 0)
    }
  }

  @Test("D2: a flipped bit anywhere is found together with the lost records, which are restored in place")
  func flippedBits() throws {
    let (disk, addresses) = try TestLog.filled(30, close: true)
    let before = try TestLog.contents(disk)
    var headers = 0
    var putBack = 0
    for file in try disk.list() {
      for offset in Self.places(try #require(before[file]), step: 83) {
        let trial = disk.copy()
        trial.flipBit(of: file, at: offset, bit: offset % 8)
        let comment = "\(file) offset \(offset)"
        do {
          let (survey, cursor) = try LogReader(trial, owner: TestLog.owner).survey()
          let sound = Self.sound(addresses, survey.stretches)
          guard !survey.stretches.isEmpty else { continue }
          #expect(survey.stretches.count == 1 && survey.stretches[0].file == file, "\(comment)")
          #expect(survey.stretches[0].range.contains(offset), "\(comment): \(survey.stretches)")
          let lost = survey.stretches[0].count ?? 30 - Int(survey.stretches[0].first.rawValue) + 1
          #expect(survey.records + lost == 30, "\(comment): \(survey.stretches)")
          #expect(sound.compactMap { $0 }.count == survey.records, "\(comment)")
          // The cursor returns the same, in order.
          var entries = cursor
          var next: UInt64 = 1
          var stretches = 0
          while let entry = try entries.nextEntry() {
            switch entry {
            case .record(let record):
              #expect(record.position.rawValue == next && record.payload == TestLog.payload(next), "\(comment)")
              next += 1
            case .stretch(let stretch):
              #expect(stretch.first.rawValue == next, "\(comment)")
              next += UInt64(stretch.count ?? 0)
              stretches += 1
            }
          }
          #expect(stretches == 1, "\(comment)")
          if survey.stretches[0].reach == .segmentHeader { headers += 1 }
          #expect(try TestLog.contents(trial).filter { $0.key != file } == before.filter { $0.key != file })
          try Self.repair(trial, upTo: 30)
          if try TestLog.contents(trial)[file] == before[file] { putBack += 1 }
          try Self.expectMended(trial, upTo: 30, sound: addresses, comment)
        } catch LogError.damaged(let damage) {
          // Damage that nothing helps to repair is still refused.
          #expect(damage.file == file && offset < 72, "\(comment): \(damage)")
        }
      }
    }
    #expect(headers > 30 && putBack > 15, "\(headers) \(putBack)")
  }

  @Test("D2: voids replace what cannot be restored, and take exactly its space")
  func voids() throws {
    let (disk, addresses) = try TestLog.filled(30, close: true)
    var generator = SeededGenerator(seed: 5)
    for round in 0..<250 {
      let trial = disk.copy()
      // Damages a few bytes, or several whole records.
      let files = try trial.list()
      let file = files[Int.random(in: 0..<files.count, using: &generator)]
      var bytes = try #require(trial.contents(of: file))
      for _ in 0...round % 3 {
        let start = Int.random(in: 4096..<bytes.count, using: &generator)
        let end = min(bytes.count, start + Int.random(in: 1...(round % 2 == 0 ? 60 : 4000), using: &generator))
        let filler: UInt8? = round % 5 == 0 ? 0 : nil
        for offset in start..<end { bytes[offset] = filler ?? UInt8.random(in: 0...255, using: &generator) }
      }
      trial.replaceContents(of: file, with: bytes)
      let seed = UInt64(round)
      let survey = try Self.repair(trial, upTo: 30) { seed % 4 == 0 ? false : ($0 &* 7 &+ seed) % 3 != 0 }
      if case .torn = survey.ending {
        _ = try TestLog.open(trial)
        continue
      }
      let again = try LogReader(trial, owner: TestLog.owner).survey().survey
      #expect(again.stretches.isEmpty, "round \(round): \(again.stretches)")
      let last = survey.stretches.last.map { $0.count == nil ? $0.first.rawValue : 30 } ?? survey.last.rawValue
      try Self.expectMended(
        trial, upTo: min(last, 30), sound: Self.sound(addresses, survey.stretches), "round \(round)")
    }
  }

  @Test("D2: a flipped bit in a void that nothing proves durable is refused or harmless, so nothing after it is lost")
  func flippedVoids() throws {
    let (disk, addresses) = try TestLog.filled(7, syncEach: false)
    let file = SegmentHeader.fileName(addresses[5].segment)
    disk.flipBit(of: file, at: Int(addresses[5].offset) + 3, bit: 0)
    let stretch = try #require(try LogReader(disk, owner: TestLog.owner).survey().survey.stretches.first)
    try LogRepair.rewrite(stretch, with: [], void: Self.void, on: disk)
    #expect(try TestLog.open(disk.copy()).recovery.last.rawValue == 7)
    var refusals = 0
    for place in stretch.range {
      let trial = disk.copy()
      trial.flipBit(of: file, at: place, bit: place % 8)
      do throws(LogError) {
        // A flip of the byte after the payload is without effect.
        let last = try TestLog.open(trial).recovery.last.rawValue
        #expect(last == 7, "byte \(place)")
      } catch {
        guard case .damaged(let damage) = error else { throw error }
        #expect(damage.offset == stretch.offset)
        refusals += 1
      }
    }
    #expect(refusals >= stretch.byteCount - 1)
  }

  @Test("D2: a crash at any step of a repair leaves the log damaged or repaired, never shorter")
  func crashes() throws {
    var generator = SeededGenerator(seed: 13)
    for syncEach in [true, false] {
      // Without syncs between appends, no durable mark vouches for the last records, so after a careless repair the end
      // would look torn.
      let (disk, addresses) = try TestLog.filled(syncEach ? 30 : 9, syncEach: syncEach)
      let last = UInt64(addresses.count)
      for round in 0..<24 {
        let damaged = disk.copy()
        let victim = round * 5 % addresses.count
        let place = Int(addresses[victim].offset) + (round % 3 == 0 ? 3 : 44 + round)
        damaged.flipBit(of: SegmentHeader.fileName(addresses[victim].segment), at: place, bit: round % 8)
        let keep: (UInt64) -> Bool = { _ in round % 2 == 0 }
        let survey = try LogReader(damaged, owner: TestLog.owner).survey().survey
        if survey.stretches.isEmpty { continue }
        let sound = Self.sound(addresses, survey.stretches)
        let whole = damaged.copy()
        try Self.repair(whole, upTo: last, keep: keep)
        for step in 0..<whole.operations - damaged.operations {
          for survival in MemoryDisk.Survival.allCases {
            let trial = damaged.copy()
            trial.operationsLeft = step
            #expect(throws: LogError.self) { try Self.repair(trial, upTo: last, keep: keep) }
            trial.crash(survival, using: &generator)
            let comment = "syncEach \(syncEach), round \(round), step \(step), \(survival)"
            do {
              let log = try TestLog.open(trial)
              if case .cut = log.recovery.outcome { Issue.record("\(comment): cut") }
              #expect(log.appended.rawValue >= last, "\(comment): lost")
            } catch LogError.damaged { /* found again */  }
            try Self.repair(trial, upTo: last, keep: keep)
            try Self.expectMended(trial, upTo: last, sound: sound, comment)
          }
        }
      }
    }
  }

  @Test("D2: damage across segment borders divides the lost positions between them, and is repaired")
  func borders() throws {
    let (disk, addresses) = try TestLog.filled(60, close: true)
    var generator = SeededGenerator(seed: 23)
    let segments = try TestLog.open(disk).segmentList
    for round in 0..<120 {
      let trial = disk.copy()
      // The damage extends from one segment into the next or the one after that.
      let from = segments[round % 3]
      let to = segments[round % 3 + 1 + round / 3 % 2]
      var sound: [RecordAddress?] = addresses
      for segment in segments where segment.number >= from.number && segment.number <= to.number {
        let inside = addresses.filter { $0.segment == segment.number }
        var bytes = try #require(trial.contents(of: segment.file))
        let start = segment == from ? Int(inside[Int.random(in: 1..<inside.count, using: &generator)].offset) : 4096
        let end = segment == to ? Int(inside[Int.random(in: 1..<inside.count, using: &generator)].offset) : bytes.count
        for offset in start..<end {
          bytes[offset] = round % 4 == 0 ? 0 : UInt8.random(in: 0...255, using: &generator)
        }
        trial.replaceContents(of: segment.file, with: bytes)
        for (index, address) in addresses.enumerated()
        where address.segment == segment.number && (start..<end).contains(Int(address.offset)) { sound[index] = nil }
      }
      let survey = try Self.repair(trial, upTo: 60) { _ in false }
      let lost = survey.stretches.reduce(0) { $0 + ($1.count ?? 0) }
      #expect(survey.records + lost == 60, "round \(round): \(survey.stretches)")
      #expect(sound.compactMap { $0 }.count == survey.records, "round \(round): \(survey.stretches)")
      #expect(try LogReader(trial, owner: TestLog.owner).survey().survey.stretches.isEmpty, "round \(round)")
      try Self.expectMended(
        trial, upTo: 60, sound: sound, "round \(round)")
    }
  }

  @Test("D2: records that do not fit are refused, and nothing is changed")
  func refusals() throws {
    let (disk, addresses) = try TestLog.filled(30, close: true)
    let file = SegmentHeader.fileName(addresses[9].segment)
    disk.flipBit(of: file, at: Int(addresses[9].offset) + 20, bit: 1)
    let stretch = try #require(try LogReader(disk, owner: TestLog.owner).survey().survey.stretches.first)
    #expect(stretch.first == LogPosition(10) && stretch.count == 1 && stretch.header == nil)
    #expect(stretch.heightBefore == TestLog.height(9) && stretch.heightAfter == TestLog.height(11))
    #expect(stretch.cause == .badRecordHeader)
    let before = try TestLog.contents(disk)
    func refusal(_ records: [ReplacementRecord]) -> RepairRefusal? {
      do throws(LogError) {
        try LogRepair.rewrite(stretch, with: records, void: Self.void, on: disk)
      } catch {
        #expect(error.code == "log.repair-refused" && error.explanation.contains(file))
        if case .repairRefused(_, _, let refusal) = error { return refusal }
      }
      return nil
    }
    let ten = Self.original(10)
    #expect(refusal([ten, ten]) == .tooMany(records: 2, positions: 1))
    #expect(refusal([ReplacementRecord(kind: 0, height: .genesis, payload: [])]) == .noKind)
    let room = stretch.byteCount
    let large = ReplacementRecord(kind: 1, height: .genesis, payload: [UInt8](repeating: 1, count: 5000))
    #expect(refusal([large]) == .tooLarge(needed: 5048, room: room))
    let small = ReplacementRecord(kind: 1, height: .genesis, payload: [])
    #expect(refusal([small]) == .notFilled(left: room - 48))
    let huge = ReplacementRecord(
      kind: 1, height: .genesis, payload: [UInt8](repeating: 1, count: Limits.recordBytes + 1))
    #expect(refusal([huge]) == .recordTooLarge(byteCount: Limits.recordBytes + 1))
    #expect(try TestLog.contents(disk) == before)
    var other = stretch
    other.segment.salt += 1
    #expect(throws: LogError.repairRefused(file: file, offset: stretch.offset, .otherSegment)) {
      try LogRepair.rewrite(other, with: [ten], void: Self.void, on: disk)
    }
  }

  @Test("D2: the running log repairs its sealed segments and synced records, and continues")
  func running() throws {
    let (disk, addresses) = try TestLog.filled(30)
    var log = try TestLog.open(disk)
    let later = try TestLog.append(&log, to: 40)
    _ = try log.sync()
    let pending = try TestLog.append(&log, to: 41)
    for address in [addresses[2], addresses[14], later[9]] {
      disk.flipBit(of: SegmentHeader.fileName(address.segment), at: Int(address.offset) + 7, bit: 2)
    }
    let stretches = try LogReader(disk, owner: TestLog.owner).survey().survey.stretches
    #expect(stretches.map(\.first.rawValue) == [3, 15, 40])
    for (index, stretch) in stretches.enumerated() {
      if stretch.count == nil {
        // The segment's last record cannot be rewritten yet, because nothing after it is written.
        #expect(throws: LogError.repairRefused(file: stretch.file, offset: stretch.offset, .inUse)) {
          try log.repair(stretch, with: [], void: Self.void)
        }
        try log.flush()
      }
      let now = try LogReader(disk, owner: TestLog.owner).survey().survey.stretches.filter { $0.first == stretch.first }
      try log.repair(
        try #require(now.first), with: index == 1 ? [] : Self.replacements(now[0], upTo: 40), void: Self.void)
    }
    #expect(try log.read(addresses[2]).payload == TestLog.payload(3))
    #expect(try log.read(addresses[14]).kind == 99)
    #expect(try log.read(addresses[14]).payload.starts(with: Self.void.prefix))
    #expect(try log.read(pending[0]).payload == TestLog.payload(41))
    try TestLog.append(&log, to: 60)
    try log.close()
    #expect(try TestLog.open(disk).recovery.outcome == .clean)
    #expect(try LogReader(disk, owner: TestLog.owner).survey().survey.stretches.isEmpty)
  }

  @Test("D2: a damaged header after a lost segment is found too, and both are repaired")
  func headerBehindLostSegment() throws {
    let (disk, addresses) = try TestLog.filled(30, close: true)
    var first = try #require(disk.contents(of: SegmentHeader.fileName(1)))
    first.replaceSubrange(4096..., with: [UInt8](repeating: 0, count: first.count - 4096))
    disk.replaceContents(of: SegmentHeader.fileName(1), with: first)
    disk.flipBit(of: SegmentHeader.fileName(2), at: 20, bit: 3)
    var (survey, cursor) = try LogReader(disk, owner: TestLog.owner).survey()
    #expect(survey.stretches.map(\.segment.number) == [1, 2])
    #expect(survey.stretches.last?.reach == .segmentHeader)
    let second = try #require(addresses.firstIndex { $0.segment == 2 })
    #expect(survey.stretches.last?.first == LogPosition(UInt64(second + 1)))
    var shown: [DamagedStretch] = []
    while let entry = try cursor.nextEntry() { if case .stretch(let stretch) = entry { shown.append(stretch) } }
    #expect(shown == survey.stretches)
    let sound = Self.sound(addresses, survey.stretches)
    try Self.repair(disk, upTo: 30)
    try Self.expectMended(disk, upTo: 30, sound: sound, "both")
  }

  @Test("D2: a segment that is missing in front of records is replaced, and its records are restored", arguments: 1...3)
  func missingSegment(number: UInt32) throws {
    let (disk, addresses) = try TestLog.filled(60)
    let last = try #require(addresses.last).segment
    #expect(last > 3)
    try disk.remove(SegmentHeader.fileName(number))
    #expect(try MissingSegments.makeEmpty(on: disk, owner: TestLog.owner) == [SegmentHeader.fileName(number)])
    #expect(throws: LogError.self) { _ = try TestLog.open(disk) }
    let survey = try Self.repair(disk, upTo: 60)
    #expect(survey.stretches.map(\.segment.number) == [number])
    #expect(survey.stretches.first?.count == addresses.count { $0.segment == number })
    try Self.expectMended(disk, upTo: 60, sound: Self.sound(addresses, survey.stretches), "segment \(number)")
    var log = try TestLog.open(disk)
    #expect(try TestLog.records(&log).prefix(60).map(\.payload) == (1...60).map { TestLog.payload($0) })
  }

  @Test("D2: a missing segment behind which no record is left is not replaced, and the log remains refused")
  func missingEnd() throws {
    let (disk, addresses) = try TestLog.filled(60)
    let last = try #require(addresses.last).segment
    try disk.remove(SegmentHeader.fileName(last))
    // The next one was prepared ahead.
    let header = try SegmentHeader(decoding: Array(try #require(disk.contents(of: SegmentHeader.fileName(last - 1)))))
    try SegmentFile.make(
      SegmentHeader(number: last + 1, byteCount: header.byteCount, salt: header.salt, owner: TestLog.owner), on: disk)
    #expect(try MissingSegments.makeEmpty(on: disk, owner: TestLog.owner) == [])
    let error = #expect(throws: LogError.self) { _ = try TestLog.open(disk) }
    guard case .damaged(let damage) = error else { return #expect(Bool(false), "\(String(describing: error))") }
    #expect(damage.file == SegmentHeader.fileName(last) && damage.cause == .missingSegment)
    // A log that lost its prune mark begins later.
    for number in UInt32(1)...2 { try disk.remove(SegmentHeader.fileName(number)) }
    #expect(try MissingSegments.makeEmpty(on: disk, owner: TestLog.owner) == [])
  }

  @Test("A stray file of the highest number does not make a node look for all segments in front of it")
  func strayFile() throws {
    let (disk, addresses) = try TestLog.filled(60)
    let last = try #require(addresses.last).segment
    try disk.remove(SegmentHeader.fileName(last - 1))
    try disk.create(SegmentHeader.fileName(.max), byteCount: 16)
    let made = try MissingSegments.makeEmpty(on: disk, owner: TestLog.owner)
    #expect(made == [SegmentHeader.fileName(last - 1)])
  }
}
