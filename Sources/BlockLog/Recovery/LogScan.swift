import Primitives

/// Reads a whole log without changing it and finds out what is valid, where that ends, and what follows.
struct LogScan<Storage: Disk> {
  /// The records of one segment.
  struct Segment: Hashable, Sendable {
    var header: SegmentHeader
    var binding: UInt32
    /// Position of the first record, nil if there is none.
    var first: LogPosition?
    /// Position of the last record.
    var last: LogPosition?
    /// The first and the last height that the records are about, nil if no record is about a height.
    var firstHeight: Height?
    var lastHeight: Height?
    /// Offset after the last valid record or mark.
    var end: Int

    /// Takes one more record into account.
    mutating func note(_ position: LogPosition, _ height: Height) {
      if first == nil { first = position }
      last = position
      guard height > .genesis else { return }
      if firstHeight == nil { firstHeight = height }
      lastHeight = height
    }
  }

  /// The first place where no valid record follows.
  struct Fault: Hashable, Sendable {
    /// Index of the segment.
    var segment: Int
    var offset: Int
    /// The height of the bad record if its header is valid, otherwise the last height before it.
    var height: Height
    var finding: RecoveryFinding
  }

  private(set) var segments: [Segment]
  /// Where the log begins, if its first segments were pruned.
  let pruned: PruneMark?
  private(set) var last = LogPosition.start
  private(set) var lastHeight = Height.genesis
  private(set) var records = 0
  private(set) var payloadBytes = 0
  private(set) var provenDurable = LogPosition.start
  private(set) var closed = false
  /// Index of the segment to continue in: the last one with a record, or the next one if that one is sealed.
  private(set) var active = 0
  /// Where the items begin that nothing proves durable: records above every durable mark, or the last seal while no
  /// record follows it. They are all in one segment, because a segment is synced before the next one is used.
  private(set) var unproven: (segment: Int, offset: Int) = (0, SegmentHeader.reservedBytes)
  private(set) var fault: Fault?
  private var window: SegmentWindow<Storage>
  /// The place of the last seal, nil if anything follows it.
  private var openSeal: (segment: Int, offset: Int)?
  /// Positions and places of the records above `provenDurable`, in order.
  private var above: [(position: LogPosition, segment: Int, offset: Int)] = []

  /// The headers of all segments of the log in `storage`, in order. Segments below the prune mark no longer belong to
  /// the log.
  static func headers(
    in storage: Storage, owner: LogOwner, pruned: PruneMark?
  ) throws(LogError) -> [SegmentHeader] {
    var owner = owner
    try pruned?.check(&owner)
    let firstNumber = pruned?.firstSegment ?? 1
    do {
      var facts: [SegmentFacts] = []
      for file in try storage.list() {
        guard let number = SegmentHeader.number(ofFile: file), number >= firstNumber else { continue }
        var buffer = [UInt8](repeating: 0, count: SegmentHeader.encodedBytes)
        let count = try storage.read(file, at: 0, into: &buffer)
        let header: Result<SegmentHeader, SegmentHeader.Fault>
        do throws(SegmentHeader.Fault) {
          header = .success(try SegmentHeader(decoding: Array(buffer[..<count])))
        } catch { header = .failure(error) }
        facts.append(SegmentFacts(number: number, fileBytes: try storage.size(of: file) ?? 0, header: header))
      }
      facts.sort { $0.number < $1.number }
      guard !facts.isEmpty else {
        guard let pruned else { throw LogError.noLog }
        throw LogError.damaged(pruned.missingFirst)
      }
      var headers: [SegmentHeader] = []
      for (index, facts) in facts.enumerated() {
        do throws(LogError) {
          headers.append(try SegmentTable.check(facts, number: firstNumber + UInt32(index), owner: &owner))
        } catch { throw try placed(error, behind: headers, pruned, storage) }
      }
      return headers
    } catch let error as DiskError {
      throw LogError(error)
    } catch let error as LogError {
      throw error
    } catch {
      throw .noLog
    }
  }

  /// Completes the damage report of a segment file whose records cannot be read: the segments before it show which
  /// position and height are affected.
  private static func placed(
    _ error: LogError, behind headers: [SegmentHeader], _ pruned: PruneMark?, _ storage: Storage
  ) throws(LogError) -> LogError {
    guard case .damaged(var damage) = error else { return error }
    guard !headers.isEmpty else {
      guard let pruned else { return error }
      (damage.position, damage.height) = (pruned.firstPosition, pruned.lastHeight)
      return .damaged(damage)
    }
    let scan = try LogScan(storage, headers: headers, pruned: pruned)
    damage.position = LogPosition(scan.last.rawValue + 1)
    damage.height = scan.lastHeight
    return .damaged(damage)
  }

  init(_ storage: Storage, headers: [SegmentHeader], pruned: PruneMark?) throws(LogError) {
    self.pruned = pruned
    if let pruned {
      last = LogPosition(pruned.firstPosition.rawValue - 1)
      lastHeight = pruned.lastHeight
      provenDurable = last
    }
    segments = headers.map {
      Segment(header: $0, binding: $0.binding, first: nil, end: SegmentHeader.reservedBytes)
    }
    window = SegmentWindow(storage, file: "", end: 0)
    for index in segments.indices where fault == nil { try scan(index) }
    if let fault { try searchBehind(fault) }
    above.removeAll { $0.position <= provenDurable }
    unproven = above.first.map { ($0.segment, $0.offset) } ?? openSeal ?? (active, segments[active].end)
  }

  var facts: RecoveryFacts {
    RecoveryFacts(
      finding: fault?.finding ?? .zeros, expected: LogPosition(last.rawValue + 1), provenDurable: provenDurable,
      closed: closed)
  }

  // MARK: Reading records in order

  private mutating func scan(_ index: Int) throws(LogError) {
    let header = segments[index].header
    window.move(to: SegmentHeader.fileName(header.number), end: header.byteCount)
    var offset = SegmentHeader.reservedBytes
    while header.byteCount - offset >= RecordHeader.byteCount {
      let start = try window.load(offset, RecordHeader.byteCount)
      guard let record = window.readHeader(at: start, binding: segments[index].binding) else {
        return try notARecord(index, offset)
      }
      let expected = record.sort == .record ? last.rawValue + 1 : last.rawValue
      guard record.position.rawValue == expected, record.stride <= header.byteCount - offset
      else {
        fault = Fault(segment: index, offset: offset, height: record.height, finding: .misplaced(record.position))
        return
      }
      let payload = try window.load(offset, record.stride) + RecordHeader.byteCount
      guard window.checksum(payload..<payload + record.payloadBytes) == record.payloadChecksum else {
        let explained = window.zerosExplain(record, payload: payload, offset: offset + RecordHeader.byteCount)
        fault = Fault(
          segment: index, offset: offset, height: record.height, finding: .badPayload(zerosExplain: explained))
        return
      }
      accept(record, index, offset)
      offset += record.stride
      if record.sort == .seal { return seal(index, offset) }
    }
    // The rest is too short for a record, so no record was ever written there.
    if let stray = try window.firstNonZero(from: offset) {
      fault = Fault(segment: index, offset: stray & ~7, height: lastHeight, finding: .hole)
    }
  }

  private mutating func accept(_ record: RecordHeader, _ index: Int, _ offset: Int) {
    switch record.sort {
    case .mark: closed = true
    case .seal: closed = false
    case .record:
      closed = false
      last = record.position
      records += 1
      payloadBytes += record.payloadBytes
      if record.height > .genesis { lastHeight = record.height }
      segments[index].note(record.position, record.height)
    }
    openSeal = record.sort == .seal ? (index, offset) : nil
    active = index
    segments[index].end = offset + record.stride
    if record.durable > provenDurable {
      provenDurable = record.durable
      above.removeAll { $0.position <= provenDurable }
    }
    if record.sort == .record { above.append((record.position, index, offset)) }
  }

  /// Bytes after a seal have no meaning.
  private mutating func seal(_ index: Int, _ offset: Int) {
    if index + 1 < segments.count {
      active = index + 1
    } else {
      fault = Fault(segment: index, offset: offset, height: lastHeight, finding: .noNextSegment)
    }
  }

  /// Distinguishes the end of the records from a hole and from garbage.
  private mutating func notARecord(_ index: Int, _ offset: Int) throws(LogError) {
    let start = try window.load(offset, RecordHeader.byteCount)
    if window.isZero(start..<start + RecordHeader.byteCount) {
      guard try window.firstNonZero(from: offset) != nil else { return }
      fault = Fault(segment: index, offset: offset, height: lastHeight, finding: .hole)
    } else {
      let bytes = window.bytes
      let explained = bytes[start] == 0 || bytes[start + RecordHeader.byteCount - 1] == 0
      fault = Fault(
        segment: index, offset: offset, height: lastHeight, finding: .badHeader(zerosExplain: explained))
    }
  }

  // MARK: Evidence after a fault

  /// Searches every place that can hold a header for valid ones, and keeps the greatest durable mark.
  private mutating func searchBehind(_ fault: Fault) throws(LogError) {
    for index in segments.indices.dropFirst(fault.segment) {
      let header = segments[index].header
      window.move(to: SegmentHeader.fileName(header.number), end: header.byteCount)
      var offset = SegmentHeader.reservedBytes
      if index == fault.segment {
        offset = fault.offset
        // A valid header tells where its bad payload ends; the payload itself is not searched.
        if case .badPayload = fault.finding {
          let start = try window.load(offset, RecordHeader.byteCount)
          offset += window.readHeader(at: start, binding: segments[index].binding)?.stride ?? 8
        }
      }
      let chunk = 1 << 20
      while header.byteCount - offset >= RecordHeader.byteCount {
        // Chunks overlap by the size of a header, so that a header across the border is found.
        let count = min(chunk + RecordHeader.byteCount, header.byteCount - offset)
        let start = try window.load(offset, count)
        for place in stride(from: 0, through: count - RecordHeader.byteCount, by: 8) {
          guard let record = window.readHeader(at: start + place, binding: segments[index].binding) else { continue }
          guard record.position > last else { continue }
          provenDurable = max(provenDurable, record.durable)
        }
        offset += chunk
      }
    }
  }
}
