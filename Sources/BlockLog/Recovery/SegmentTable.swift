import Primitives

/// Which files form the log.
///
/// A segment gets its name after its header and its zeros were synced, so a crash leaves either a whole
/// segment or none (a file of another name, which is removed):
///
/// | what is found | decision |
/// |---|---|
/// | no segment | no log |
/// | numbers 1, 2, 3 ... without a gap, sound headers of this chain | go on to the records |
/// | a number is missing, the first included | refuse: missing segment |
/// | header sound, other chain | refuse: wrong chain |
/// | header sound, written with another vote key, or with another than the segments before | refuse: wrong writer |
/// | header sound, other version | refuse: unknown version |
/// | header not sound, or cut short | refuse: bad header |
/// | header sound, with another number than the name | refuse: wrong number |
/// | file longer than its header says | refuse: wrong size |
/// | the last segments' files shorter than their headers say | go on; what is missing reads as zeros |
/// | another segment's file shorter | the same: its lost records are found missing |
/// | an empty segment at the end, or several | prepared ahead: used when needed |
/// | a `.preparing` file | removed: it never held a record |
enum SegmentTable {
  /// Checks the segment that should have this number. `owner` takes the name of the first that names one.
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

  /// Position and height are not known here: `LogScan` fills them in from the segments before.
  private static func damage(_ number: UInt32, _ cause: LogDamage.Cause) -> LogError {
    .damaged(
      LogDamage(
        file: SegmentHeader.fileName(number), offset: 0, position: .start, height: .genesis, cause: cause))
  }
}
