import Primitives
import Testing

@testable import BlockLog

/// Checks the tables row by row, in the order of their comments.
@Testing.Suite("Recovery table")
struct RecoveryTableTests {
  func decide(_ finding: RecoveryFinding, proven: Bool, closed: Bool = false) -> RecoveryDecision {
    RecoveryTable.decide(
      RecoveryFacts(
        finding: finding, expected: LogPosition(10), provenDurable: LogPosition(proven ? 10 : 9), closed: closed))
  }

  @Test("Zeros to the end: the log ends here, unless something proves that it does not")
  func zeros() {
    #expect(decide(.zeros, proven: false, closed: true) == .clean)
    #expect(decide(.zeros, proven: false, closed: false) == .unclosed)
    #expect(decide(.zeros, proven: true) == .refuse(.missingRecord))
  }

  @Test("D1: a hole that nothing proves is a torn tail, a proven one is damage")
  func holes() {
    #expect(decide(.hole, proven: false) == .cut)
    #expect(decide(.hole, proven: false, closed: true) == .cut)
    #expect(decide(.hole, proven: true) == .refuse(.missingRecord))
  }

  @Test("D1, D2: a bad record is a torn tail only if zeros explain it and nothing proves it durable")
  func badRecords() {
    #expect(decide(.badHeader(zerosExplain: true), proven: true) == .refuse(.badRecordHeader))
    #expect(decide(.badHeader(zerosExplain: false), proven: true) == .refuse(.badRecordHeader))
    #expect(decide(.badHeader(zerosExplain: false), proven: false) == .refuse(.badRecordHeader))
    #expect(decide(.badHeader(zerosExplain: true), proven: false) == .cut)
    #expect(decide(.badPayload(zerosExplain: true), proven: true) == .refuse(.badPayload))
    #expect(decide(.badPayload(zerosExplain: false), proven: true) == .refuse(.badPayload))
    #expect(decide(.badPayload(zerosExplain: false), proven: false) == .refuse(.badPayload))
    #expect(decide(.badPayload(zerosExplain: true), proven: false) == .cut)
  }

  @Test("A misplaced record, and a seal with nothing after it, are damage")
  func misplaced() {
    for proven in [false, true] {
      #expect(decide(.misplaced(LogPosition(3)), proven: proven) == .refuse(.misplaced(LogPosition(3))))
      #expect(decide(.noNextSegment, proven: proven) == .refuse(.missingSegment))
    }
  }
}

@Testing.Suite("Segment table")
struct SegmentTableTests {
  let chain = Digest(1, 2, 3, 4)
  let writer = PublicKey(prefix: 2, body: Digest(5, 6, 7, 8))

  func check(_ facts: SegmentFacts, number: UInt32 = 2) throws(LogError) {
    var owner = LogOwner(chain: chain, writer: writer)
    _ = try SegmentTable.check(facts, number: number, owner: &owner)
  }

  func header(number: UInt32 = 2, chain: Digest? = nil) -> SegmentHeader {
    SegmentHeader(
      number: number, byteCount: 8192, salt: 5, owner: LogOwner(chain: chain ?? self.chain, writer: writer))
  }

  func damage(_ cause: LogDamage.Cause) -> LogError {
    .damaged(LogDamage(file: "000002.segment", offset: 0, position: .start, height: .genesis, cause: cause))
  }

  @Test("After a valid header of this chain and number the records are read, complete or cut short")
  func sound() throws {
    try check(SegmentFacts(number: 2, fileBytes: 8192, header: .success(header())))
    try check(SegmentFacts(number: 2, fileBytes: 5000, header: .success(header())))
  }

  @Test("C8, D2: everything else is refused, with its cause")
  func refused() {
    #expect(throws: damage(.missingSegment)) {
      try check(SegmentFacts(number: 3, fileBytes: 8192, header: .success(header(number: 3))))
    }
    #expect(throws: LogError.wrongChain(file: "000002.segment", expected: chain, found: .zero)) {
      try check(SegmentFacts(number: 2, fileBytes: 8192, header: .success(header(chain: .zero))))
    }
    #expect(throws: LogError.unknownVersion(file: "000002.segment", version: 9)) {
      try check(SegmentFacts(number: 2, fileBytes: 8192, header: .failure(.unknownVersion(9))))
    }
    #expect(throws: damage(.badSegmentHeader(.badChecksum))) {
      try check(SegmentFacts(number: 2, fileBytes: 8192, header: .failure(.badChecksum)))
    }
    #expect(throws: damage(.badSegmentHeader(.noHeader))) {
      try check(SegmentFacts(number: 2, fileBytes: 0, header: .failure(.noHeader)))
    }
    #expect(throws: damage(.wrongSegmentNumber(7))) {
      try check(SegmentFacts(number: 2, fileBytes: 8192, header: .success(header(number: 7))))
    }
    #expect(throws: damage(.wrongSize(expected: 8192, found: 8193))) {
      try check(SegmentFacts(number: 2, fileBytes: 8193, header: .success(header())))
    }
  }
}
