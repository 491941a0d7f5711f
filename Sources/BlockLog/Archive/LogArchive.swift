import Primitives

/// Copies sealed segments of a log to another directory.
package enum LogArchive {
  private static let chunkBytes = 1 << 20

  /// Copies one segment byte by byte, syncs it, reads the copy back record by record, and only then gives it its final
  /// name, durably. An existing valid copy is left as it is, so it is safe to repeat the call after a crash.
  ///
  /// - Returns: the number of bytes copied, 0 if the copy already existed.
  /// - Throws: `damaged` with the place in the copy if the segment is damaged; repair the segment first.
  @discardableResult
  package static func copy<Source: Disk, Target: Disk>(
    _ segment: LogSegment, from source: Source, to target: Target, owner: LogOwner
  ) throws(LogError) -> Int {
    guard segment.isSealed else { throw .notSealed(segment: segment.number) }
    let unfinished = SegmentHeader.unfinishedName(segment.number)
    do {
      if try target.size(of: segment.file) == segment.byteCount, try isWhole(segment, segment.file, target, owner) {
        try target.syncDirectory()
        return 0
      }
      try target.create(unfinished, byteCount: segment.byteCount)
      var offset = 0
      while offset < segment.byteCount {
        var buffer = [UInt8](repeating: 0, count: min(chunkBytes, segment.byteCount - offset))
        let count = try source.read(segment.file, at: offset, into: &buffer)
        guard count > 0 else { break }
        try target.write(unfinished, at: offset, buffer.span.bytes.extracting(0..<count))
        offset += count
      }
      try target.sync(unfinished)
      try check(segment, unfinished, target, owner)
      try target.rename(unfinished, to: segment.file)
      try target.syncDirectory()
      return offset
    } catch let error as DiskError {
      throw LogError(error)
    } catch let error as LogError {
      throw error
    } catch {
      throw .noLog
    }
  }

  private static func isWhole(
    _ segment: LogSegment, _ file: String, _ storage: some Disk, _ owner: LogOwner
  ) throws(LogError) -> Bool {
    do throws(LogError) {
      try check(segment, file, storage, owner)
      return true
    } catch {
      switch error {
      // An archive of another validator or another chain must not be overwritten.
      case .disk, .wrongWriter, .wrongChain: throw error
      default: return false
      }
    }
  }

  /// Checks that every record of the file is valid and in its place, and that a seal follows the last one.
  private static func check<Storage: Disk>(
    _ segment: LogSegment, _ file: String, _ storage: Storage, _ owner: LogOwner
  ) throws(LogError) {
    var start = [UInt8](repeating: 0, count: SegmentHeader.encodedBytes)
    let count: Int
    let size: Int
    do throws(DiskError) {
      count = try storage.read(file, at: 0, into: &start)
      size = try storage.size(of: file) ?? 0
    } catch { throw LogError(error) }
    let decoded: Result<SegmentHeader, SegmentHeader.Fault>
    do throws(SegmentHeader.Fault) {
      decoded = .success(try SegmentHeader(decoding: Array(start[..<count])))
    } catch { decoded = .failure(error) }
    var owner = owner
    let header = try SegmentTable.check(
      SegmentFacts(number: segment.number, fileBytes: size, header: decoded), number: segment.number, owner: &owner)
    let before = segment.first.map { LogPosition($0.rawValue - 1) } ?? .start
    var walk = SegmentWalk(storage, header, file: file, last: before)
    var height = Height.genesis
    while true {
      let fault: (offset: Int, cause: LogDamage.Cause)
      switch try walk.next() {
      case .sealed: return
      case .sound(let record, _):
        height = max(height, record.height)
        continue
      case .badPayload(_, let offset, _): fault = (offset, .badPayload)
      case .bad(let range, let finding, _), .badToEnd(let range, let finding):
        fault = (range.lowerBound, finding.cause)
      case .jump: fault = (SegmentHeader.reservedBytes, .missingRecord)
      case .misplaced(let position, let offset): fault = (offset, .misplaced(position))
      case .zeros(let offset): fault = (offset, .missingRecord)
      }
      throw .damaged(
        LogDamage(
          file: file, offset: fault.offset, position: LogPosition(walk.last.rawValue + 1), height: height,
          cause: fault.cause))
    }
  }
}
