import Primitives

/// Checks the sealed segments of a running log again and again, a little at a time. It is used on its own thread with
/// its own `Storage`, and never writes.
package struct LogScrub<Storage: Disk> {
  package struct Report: Hashable, Sendable {
    /// Damaged stretches found in this step.
    package var found: [DamagedStretch] = []
    package var checkedBytes = 0
    /// Whether the last segment was checked to its end, so that the next step begins with the first one.
    package var endedRound = false
  }

  private let storage: Storage
  private let owner: LogOwner
  private var walk: SegmentWalk<Storage>?
  /// Where the next step continues. The segment number is 0 at the start of a round.
  package private(set) var place = RecordAddress(segment: 0, offset: 0)
  /// The number of completed rounds.
  package private(set) var rounds = 0
  private var durable = LogPosition.start
  private var height = Height.genesis

  package init(_ storage: Storage, owner: LogOwner) {
    self.storage = storage
    self.owner = owner
  }

  /// Reads about `bytes` bytes: at least one record, and in a damaged segment as much as it takes to find the next
  /// valid record.
  ///
  /// - Parameter segments: the current segments of the log (`BlockLog.segmentList`). Segments that are not sealed are
  ///   skipped.
  package mutating func step(bytes: Int, over segments: [LogSegment]) throws(LogError) -> Report {
    var report = Report()
    while report.checkedBytes < bytes {
      guard let index = segments.firstIndex(where: { $0.isSealed && $0.number >= place.segment }) else {
        if place.segment > 0 { rounds += 1 }
        report.endedRound = true
        restart()
        return report
      }
      let segment = segments[index]
      guard let first = segment.first else {
        leave(segment)
        continue
      }
      let from = segment.number == place.segment ? walk?.offset ?? 0 : 0
      do throws(LogError) {
        if walk == nil || segment.number != place.segment { try begin(segment, first, segments, &report) }
        try check(segment, &report)
      } catch {
        // The segment was pruned in the meantime.
        guard case .disk(let refusal) = error, refusal.cause == .missing else { throw error }
        leave(segment)
        continue
      }
      if let walk {
        report.checkedBytes += walk.offset - from
        place.offset = UInt32(walk.offset)
      }
    }
    return report
  }

  private mutating func restart() {
    walk = nil
    place = RecordAddress(segment: 0, offset: 0)
  }

  private mutating func leave(_ segment: LogSegment) {
    storage.release(segment.file)
    walk = nil
    place = RecordAddress(segment: segment.number + 1, offset: 0)
  }

  private mutating func begin(
    _ segment: LogSegment, _ first: LogPosition, _ segments: [LogSegment], _ report: inout Report
  ) throws(LogError) {
    var start = [UInt8](repeating: 0, count: SegmentHeader.encodedBytes)
    do throws(DiskError) { _ = try storage.read(segment.file, at: 0, into: &start) } catch { throw LogError(error) }
    // Check the disk, not the system's cached copy.
    storage.release(segment.file)
    let header: SegmentHeader
    let before = LogPosition(first.rawValue - 1)
    if let sound = try? SegmentHeader(decoding: start), sound.number == segment.number,
      owner.fits(chain: sound.chain, writer: sound.writer)
    {
      header = sound
    } else {
      // Reconstruct the header with the help of the other segments.
      let all = try SegmentHeaders(storage, owner: owner, pruned: PruneMark.read(storage, owner: owner))
      guard let made = all.headers.first(where: { $0.number == segment.number }) else {
        throw .notSealed(segment: segment.number)
      }
      header = made
      if let fault = all.damaged[segment.number] {
        report.found.append(
          DamagedStretch(
            segment: made, offset: 0, byteCount: SegmentHeader.reservedBytes, reach: .segmentHeader, first: first,
            count: 0, header: nil, heightBefore: height, heightAfter: segment.firstHeight,
            cause: .badSegmentHeader(fault), durable: before, isProven: true))
      }
    }
    walk = SegmentWalk(storage, header, last: before)
    durable = before
    height = segments.last { $0.number < segment.number && $0.lastHeight != nil }?.lastHeight ?? .genesis
    place = RecordAddress(segment: segment.number, offset: UInt32(SegmentHeader.reservedBytes))
  }

  /// Advances over one record or one damaged stretch.
  private mutating func check(
    _ segment: LogSegment, _ report: inout Report
  ) throws(LogError) {
    guard let header = walk?.header, let before = walk?.last, let step = try walk?.next() else { return }
    var stretch = DamagedStretch(
      segment: header, offset: 0, byteCount: 0, reach: .sound, first: LogPosition(before.rawValue + 1), count: 1,
      header: nil, heightBefore: height, heightAfter: nil, cause: .badPayload, durable: durable,
      // A segment is synced before the next one is used.
      isProven: true)
    switch step {
    case .sealed: return leave(segment)
    case .sound(let record, _):
      durable = max(durable, record.durable)
      guard record.sort == .record, record.height > .genesis else { return }
      height = record.height
      for index in report.found.indices where report.found[index].heightAfter == nil {
        report.found[index].heightAfter = height
      }
      return
    case .badPayload(let record, let offset, _):
      (stretch.offset, stretch.byteCount) = (offset, record.stride)
      stretch.header = DamagedStretch.Header(
        kind: record.kind, height: record.height, payloadBytes: record.payloadBytes,
        payloadChecksum: record.payloadChecksum)
      durable = max(durable, record.durable)
    case .bad(let range, let finding, let count):
      (stretch.offset, stretch.byteCount, stretch.count) = (range.lowerBound, range.count, count)
      stretch.cause = finding.cause
    case .badToEnd(let range, let finding):
      (stretch.offset, stretch.byteCount) = (range.lowerBound, range.count)
      (stretch.cause, stretch.reach) = (finding.cause, .segmentEnd)
      stretch.count = segment.last.map { max(0, Int(clamping: $0.rawValue) - Int(clamping: before.rawValue)) } ?? 0
      report.checkedBytes += range.count
    case .zeros(let offset):
      (stretch.offset, stretch.byteCount) = (offset, header.byteCount - offset)
      (stretch.cause, stretch.reach) = (.missingRecord, .segmentEnd)
      stretch.count = segment.last.map { max(0, Int(clamping: $0.rawValue) - Int(clamping: before.rawValue)) } ?? 0
      report.checkedBytes += stretch.byteCount
    case .jump, .misplaced:
      throw .damaged(
        LogDamage(
          file: segment.file, offset: walk?.offset ?? 0, position: stretch.first, height: height,
          cause: .missingRecord))
    }
    report.found.append(stretch)
    if stretch.reach == .segmentEnd { leave(segment) }
  }
}
