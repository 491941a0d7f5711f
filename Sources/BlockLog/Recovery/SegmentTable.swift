import Primitives

/// Decides which files form the log.
///
/// A segment gets its name after its header and its zeros have been synced, so a crash leaves either a complete segment
/// or none (only a file of another name, which is removed):
///
/// | what is found | decision |
/// |---|---|
/// | no segment | no log |
/// | numbers 1, 2, 3 ... without a gap, valid headers of this chain | continue with the records |
/// | a number is missing, the first included | refuse: missing segment |
/// | header valid, other chain | refuse: wrong chain |
/// | header valid, another vote key than the expected one or than that of the segments before | refuse: wrong writer |
/// | header valid, other version | refuse: unknown version |
/// | header invalid or cut short | refuse: bad header |
/// | header valid, number differs from the name | refuse: wrong number |
/// | file longer than its header says | refuse: wrong size |
/// | files of the last segments shorter than their headers say | continue; the missing part reads as zeros |
/// | file of another segment shorter | the same: its lost records are found missing |
/// | one or more empty segments at the end | prepared ahead: used when needed |
/// | a `.preparing` file | removed: it never held a record |
enum SegmentTable {
  /// Checks the segment that should have this number. `owner` adopts the writer of the first segment that names one.
  static func check(
    _ facts: SegmentFacts, number: UInt32, owner: inout LogOwner
  ) throws(LogError) -> SegmentHeader {
    guard facts.number == number else { throw damage(number, .missingSegment) }
    let file = SegmentHeader.fileName(number)
    switch facts.header {
    case .failure(.unknownVersion(let version)): throw .unknownVersion(file: file, version: version)
    case .failure(let fault): throw damage(number, .badSegmentHeader(fault))
    case .success(let header):
      try owner.check(file, chain: header.chain, writer: header.writer)
      guard header.number == number else { throw damage(number, .wrongSegmentNumber(header.number)) }
      guard facts.fileBytes <= header.byteCount else {
        throw damage(number, .wrongSize(expected: header.byteCount, found: facts.fileBytes))
      }
      return header
    }
  }

  /// Position and height are unknown here: `LogScan` fills them in from the segments before.
  private static func damage(_ number: UInt32, _ cause: LogDamage.Cause) -> LogError {
    .damaged(
      LogDamage(
        file: SegmentHeader.fileName(number), offset: 0, position: .start, height: .genesis, cause: cause))
  }
}
