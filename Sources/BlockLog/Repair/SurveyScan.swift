import Primitives

/// Performs a survey: reads all segments and finds every damaged stretch.
struct SurveyScan<Storage: Disk> {
  /// Space at the end of a segment in which nothing valid was found. It stays open until a valid item after it shows
  /// how many records it lost.
  private struct Open {
    var segment: Int
    var offset: Int
    /// Offset after the last non-zero byte.
    var end: Int
    var finding: RecoveryFinding
    /// Set if this is the segment's damaged header instead of space; it is handled after the space before it.
    var header: SegmentHeader.Fault?
    var isZero: Bool { end <= offset }
  }

  /// A stretch, and the facts that decide whether it is damage or a torn end.
  private struct Found {
    var stretch: DamagedStretch
    var finding: RecoveryFinding
    /// The survey and the segments as they were before this stretch.
    var survey: LogSurvey
    var segments: [LogScan<Storage>.Segment]
    var closed: Bool
    var active: Int
  }

  private let storage: Storage
  private let faults: [UInt32: SegmentHeader.Fault]
  private(set) var survey = LogSurvey()
  private(set) var segments: [LogScan<Storage>.Segment]
  private var open: [Open] = []
  private var found: [Found] = []
  private var provenDurable = LogPosition.start
  private var durable = LogPosition.start
  private var closed = false
  private var active = 0
  /// Index of the first stretch whose `heightAfter` is not known yet.
  private var heightsKnown = 0

  init(_ storage: Storage, owner: LogOwner) throws(LogError) {
    self.storage = storage
    survey.pruned = try PruneMark.read(storage, owner: owner)
    let headers = try SegmentHeaders(storage, owner: owner, pruned: survey.pruned)
    faults = headers.damaged
    segments = headers.headers.map {
      LogScan<Storage>.Segment(
        header: $0, binding: $0.binding, first: nil, end: SegmentHeader.reservedBytes)
    }
    if let pruned = survey.pruned {
      survey.last = LogPosition(pruned.firstPosition.rawValue - 1)
      survey.lastHeight = pruned.lastHeight
      (durable, provenDurable) = (survey.last, survey.last)
    }
    for index in segments.indices { try scan(index) }
    try finish()
  }

  private mutating func scan(_ index: Int) throws(LogError) {
    let header = segments[index].header
    if let fault = faults[header.number] {
      open.append(
        Open(segment: index, offset: 0, end: 0, finding: .badHeader(zerosExplain: false), header: fault))
    }
    let gap = open.lazy.filter { $0.header == nil }.reduce(0) { $0 + segments[$1.segment].header.byteCount - $1.offset }
    var walk = SegmentWalk(storage, header, last: survey.last, gap: gap)
    while true {
      switch try walk.next() {
      case .sound(let record, let offset):
        try close(lost: 0)
        accept(record, index, offset)
      case .badPayload(let record, let offset, let explained):
        try close(lost: 0)
        let before = note(
          index, offset..<offset + record.stride, .sound, count: 1, .badPayload(zerosExplain: explained))
        found[before].stretch.header = DamagedStretch.Header(
          kind: record.kind, height: record.height, payloadBytes: record.payloadBytes,
          payloadChecksum: record.payloadChecksum)
        survey.last = record.position
        segments[index].note(record.position, record.height)
        see(record, index, offset)
      case .jump(let count):
        try close(lost: count)
      case .bad(let range, let finding, let count):
        let own = try close(lost: count, behind: range.count)
        note(index, range, .sound, count: own, finding)
        lose(own, index)
      case .misplaced(let position, let offset):
        throw .damaged(
          LogDamage(
            file: segments[index].fileName, offset: offset, position: LogPosition(survey.last.rawValue + 1),
            height: survey.lastHeight, cause: .misplaced(position)))
      case .badToEnd(let range, let finding):
        var window = SegmentWindow(storage, file: segments[index].fileName, end: header.byteCount)
        let end = try window.lastNonZeroEnd(from: range.lowerBound)
        open.append(Open(segment: index, offset: range.lowerBound, end: end, finding: finding))
        return
      case .zeros(let offset):
        open.append(Open(segment: index, offset: offset, end: offset, finding: .zeros))
        return
      case .sealed:
        guard index + 1 < segments.count else {
          throw .damaged(
            LogDamage(
              file: SegmentHeader.fileName(header.number + 1), offset: walk.offset,
              position: LogPosition(survey.last.rawValue + 1), height: survey.lastHeight, cause: .missingSegment))
        }
        active = index + 1
        return
      }
    }
  }

  private mutating func accept(_ record: RecordHeader, _ index: Int, _ offset: Int) {
    closed = record.sort == .mark
    if record.sort == .record {
      survey.last = record.position
      survey.records += 1
      survey.payloadBytes += record.payloadBytes
      segments[index].note(record.position, record.height)
    }
    see(record, index, offset)
  }

  /// Takes a valid header into account.
  private mutating func see(_ record: RecordHeader, _ index: Int, _ offset: Int) {
    active = index
    segments[index].end = offset + record.stride
    durable = max(durable, record.durable)
    provenDurable = max(provenDurable, record.durable)
    guard record.sort == .record, record.height > .genesis else { return }
    survey.lastHeight = record.height
    while heightsKnown < found.count,
      found[heightsKnown].stretch.range.lowerBound < offset
        || found[heightsKnown].stretch.segment.number < segments[index].header.number
    {
      found[heightsKnown].stretch.heightAfter = record.height
      heightsKnown += 1
    }
  }

  /// Adds a stretch after everything read so far; returns its index.
  @discardableResult
  private mutating func note(
    _ index: Int, _ range: Range<Int>, _ reach: DamagedStretch.Reach, count: Int?, _ finding: RecoveryFinding,
    cause: LogDamage.Cause? = nil
  ) -> Int {
    let stretch = DamagedStretch(
      segment: segments[index].header, offset: range.lowerBound, byteCount: range.count, reach: reach,
      first: LogPosition(survey.last.rawValue + 1), count: count, header: nil, heightBefore: survey.lastHeight,
      heightAfter: nil, cause: cause ?? finding.cause, durable: durable, isProven: false)
    // Only a stretch that valid items follow extends the records of its segment.
    found.append(
      Found(stretch: stretch, finding: finding, survey: survey, segments: segments, closed: closed, active: active))
    if reach == .sound { segments[index].end = range.upperBound }
    closed = false
    return found.count - 1
  }

  /// Counts lost positions of a segment.
  private mutating func lose(_ count: Int, _ index: Int) {
    guard count > 0 else { return }
    segments[index].note(LogPosition(survey.last.rawValue + 1), .genesis)
    survey.last = LogPosition(survey.last.rawValue + UInt64(count))
    segments[index].note(survey.last, .genesis)
  }

  /// Adds the stretch of a damaged segment header, if this is one.
  private mutating func noteHeader(_ place: Open) -> Bool {
    guard let fault = place.header else { return false }
    note(
      place.segment, 0..<SegmentHeader.reservedBytes, .segmentHeader, count: 0, place.finding,
      cause: .badSegmentHeader(fault))
    return true
  }

  /// Ends the open space at a valid item before which `lost` records are missing. Returns how many of them were in the
  /// `bytes` bytes directly before the item; the others are distributed over the open space in proportion to its size.
  @discardableResult
  private mutating func close(lost: Int, behind bytes: Int = 0) throws(LogError) -> Int {
    var left = lost
    func room(_ place: Open) -> Int {
      place.header == nil ? segments[place.segment].header.byteCount - place.offset : 0
    }
    func used(_ place: Open) -> Int {
      place.isZero ? room(place) : max(place.end - place.offset, RecordHeader.bareStride)
    }
    // One of the records that fit is the seal.
    func most(_ place: Open) -> Int { max(0, room(place) / RecordHeader.bareStride - 1) }
    var space = bytes + open.reduce(0) { $0 + used($1) }
    // Bytes before a valid item must be filled: with a record, or with marks if no position is lost.
    let reserved = bytes > 0 && lost > 0 ? 1 : 0
    for (number, place) in open.enumerated() {
      if noteHeader(place) { continue }
      let segment = segments[place.segment]
      let others = open[(number + 1)...].reduce(bytes / RecordHeader.bareStride) { $0 + most($1) }
      let fair = left * used(place) / max(space, 1)
      let share = max(0, min(most(place), left - reserved, max(left - others, fair)))
      space -= used(place)
      guard share > 0 || !place.isZero else { continue }
      left -= share
      note(place.segment, place.offset..<segment.header.byteCount, .segmentEnd, count: share, place.finding)
      found[found.count - 1].stretch.isProven = true
      lose(share, place.segment)
    }
    open.removeAll()
    guard bytes > 0 || left == 0 else {
      throw .damaged(
        LogDamage(
          file: segments[active].fileName, offset: segments[active].end,
          position: LogPosition(survey.last.rawValue + 1), height: survey.lastHeight, cause: .missingRecord))
    }
    return left
  }

  /// Distinguishes a torn end from damage, as opening the log does.
  private mutating func finish() throws(LogError) {
    let wasClosed = closed
    var isDamaged = false
    for place in open where !noteHeader(place) && !place.isZero && !isDamaged {
      let end = segments[place.segment].header.byteCount
      note(place.segment, place.offset..<end, .logEnd, count: nil, place.finding)
      isDamaged = true
    }
    survey.ending = isDamaged ? .damaged : wasClosed ? .clean : .unclosed
    for (index, entry) in found.enumerated() {
      let first = entry.stretch.first
      if provenDurable >= first { found[index].stretch.isProven = true }
      guard !found[index].stretch.isProven, entry.stretch.reach != .segmentHeader else { continue }
      let facts = RecoveryFacts(
        finding: entry.finding, expected: first, provenDurable: provenDurable, closed: entry.closed)
      guard RecoveryTable.decide(facts) == .cut else { continue }
      let pruned = survey.pruned
      (survey, segments, active) = (entry.survey, entry.segments, entry.active)
      survey.pruned = pruned
      survey.ending = .torn(file: entry.stretch.file, offset: entry.stretch.offset)
      // A start checks every segment header before it cuts anything, so damaged headers remain in the survey.
      found = found[..<index] + found[index...].filter { $0.stretch.reach == .segmentHeader }
      break
    }
    survey.stretches = found.map(\.stretch)
    survey.segments = segments.enumerated().map { index, segment in
      LogSegment(
        number: segment.header.number, first: segment.first, last: segment.last,
        firstHeight: segment.firstHeight, lastHeight: segment.lastHeight, byteCount: segment.header.byteCount,
        isSealed: index < active)
    }
  }
}

extension RecoveryFinding {
  var cause: LogDamage.Cause {
    switch self {
    case .zeros, .hole: .missingRecord
    case .badHeader: .badRecordHeader
    case .badPayload: .badPayload
    case .misplaced(let position): .misplaced(position)
    case .noNextSegment: .missingSegment
    }
  }
}
