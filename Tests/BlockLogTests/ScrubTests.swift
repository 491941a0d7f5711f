import Primitives
import Testing

@testable import BlockLog

@Testing.Suite("Scrub")
struct ScrubTests {
  /// Scrubs in steps of this size until a round ends. Returns the damage found, the number of steps and the bytes
  /// checked.
  func round(
    _ scrub: inout LogScrub<MemoryDisk>, _ segments: [LogSegment], bytes: Int
  ) throws -> (found: [DamagedStretch], steps: Int, checked: Int) {
    var result: (found: [DamagedStretch], steps: Int, checked: Int) = ([], 0, 0)
    while true {
      let report = try scrub.step(bytes: bytes, over: segments)
      result.found += report.found
      result.steps += 1
      result.checked += report.checkedBytes
      #expect(report.checkedBytes <= bytes + 4096 + 2 * 1448 || !report.found.isEmpty)
      if report.endedRound { return result }
    }
  }

  @Test("D2: a scrub finds in the sealed segments what a survey finds, in steps of any size, round after round")
  func finds() throws {
    let (disk, addresses) = try TestLog.filled(60)
    let log = try TestLog.open(disk)
    let sealed = Set(log.segmentList.filter(\.isSealed).map(\.number))
    var scrub = LogScrub(disk, owner: TestLog.owner)
    let clean = try round(&scrub, log.segmentList, bytes: 5000)
    #expect(clean.found.isEmpty && clean.steps > 5 && scrub.rounds == 1)
    #expect(clean.checked > 0 && scrub.place == RecordAddress(segment: 0, offset: 0))
    for (index, address) in addresses.enumerated() {
      for place in [2, 45] where place < 40 + TestLog.payload(UInt64(index + 1)).count {
        let trial = disk.copy()
        trial.flipBit(of: SegmentHeader.fileName(address.segment), at: Int(address.offset) + place, bit: 4)
        var scrub = LogScrub(trial, owner: TestLog.owner)
        let found = try round(&scrub, log.segmentList, bytes: index % 2 == 0 ? 1 << 20 : 1).found
        guard sealed.contains(address.segment) else {
          #expect(found.isEmpty)
          continue
        }
        let survey = try LogReader(trial, owner: TestLog.owner).survey().survey.stretches
        #expect(found.count == 1 && survey.count == 1, "\(index + 1)")
        #expect(found.first?.range == survey[0].range && found.first?.first == survey[0].first)
        #expect(found.first?.count == survey[0].count && found.first?.header == survey[0].header)
        #expect(found.first?.heightBefore == survey[0].heightBefore)
        try LogRepair.rewrite(
          try #require(found.first), with: RepairTests.replacements(found[0], upTo: 60), void: RepairTests.void,
          on: trial)
        #expect(try TestLog.open(trial).recovery.outcome == .unclosed)
        #expect(try round(&scrub, log.segmentList, bytes: 4096).found.isEmpty)
      }
    }
  }

  @Test("D2: a scrub finds a lost seal and a damaged first page, and the running log repairs them")
  func others() throws {
    let (disk, _) = try TestLog.filled(60)
    var log = try TestLog.open(disk)
    let before = try TestLog.contents(disk)
    let bytes = try #require(before["000002.segment"])
    let seal = try #require(bytes.lastIndex { $0 != 0 }) - RecordHeader.byteCount
    for place in [9, 40, seal + 1, seal + 20] {
      disk.flipBit(of: "000002.segment", at: place, bit: 0)
      var scrub = LogScrub(disk, owner: TestLog.owner)
      let found = try round(&scrub, log.segmentList, bytes: 3000).found
      #expect(found.map(\.reach) == [place < 4096 ? .segmentHeader : .segmentEnd], "\(place)")
      #expect(found.first?.count == 0)
      try log.repair(try #require(found.first), with: [], void: RepairTests.void)
      #expect(try round(&scrub, log.segmentList, bytes: 3000).found.isEmpty)
      var again = try TestLog.open(disk.copy())
      try TestLog.expectIntact(&again)
      try TestLog.expectIntact(&log)
    }
  }

  @Test("D2: a scrub continues when segments are pruned ahead of it")
  func pruned() throws {
    let (disk, _) = try TestLog.filled(60)
    var log = try TestLog.open(disk)
    let before = log.segmentList
    var scrub = LogScrub(disk, owner: TestLog.owner)
    _ = try scrub.step(bytes: 6000, over: before)
    try log.prune(before: 4, carry: [])
    // Scrubs with the old list of segments, whose files are gone, and with the new one.
    _ = try scrub.step(bytes: 6000, over: before)
    let rest = try round(&scrub, log.segmentList, bytes: 6000)
    #expect(rest.found.isEmpty && rest.checked > 0)
  }
}
