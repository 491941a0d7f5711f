import Primitives

/// The segment headers of a log, some of which may be damaged.
struct SegmentHeaders<Storage: Disk> {
  /// The headers in order; a damaged one is reconstructed.
  private(set) var headers: [SegmentHeader] = []
  /// The segments whose headers are damaged in the file, and how.
  private(set) var damaged: [UInt32: SegmentHeader.Fault] = [:]

  /// - Throws: the same errors as opening the log, except for damaged headers that can be reconstructed.
  init(_ storage: Storage, owner: LogOwner, pruned: PruneMark?) throws(LogError) {
    var owner = owner
    try pruned?.check(&owner)
    let firstNumber = pruned?.firstSegment ?? 1
    var files: [(number: UInt32, name: String, byteCount: Int, start: [UInt8])] = []
    do throws(DiskError) {
      for name in try storage.list() {
        guard let number = SegmentHeader.number(ofFile: name), number >= firstNumber else { continue }
        var start = [UInt8](repeating: 0, count: SegmentHeader.encodedBytes)
        let count = try storage.read(name, at: 0, into: &start)
        files.append((number, name, try storage.size(of: name) ?? 0, Array(start[..<count])))
      }
    } catch { throw LogError(error) }
    files.sort { $0.number < $1.number }
    guard !files.isEmpty else {
      guard let pruned else { throw .noLog }
      throw .damaged(pruned.missingFirst)
    }
    let decoded = files.map { file -> Result<SegmentHeader, SegmentHeader.Fault> in
      do throws(SegmentHeader.Fault) {
        return .success(try SegmentHeader(decoding: file.start))
      } catch { return .failure(error) }
    }
    let neighbour = decoded.lazy.compactMap { try? $0.get() }.first { $0.chain == owner.chain }
    for (index, file) in files.enumerated() {
      var facts = SegmentFacts(number: file.number, fileBytes: file.byteCount, header: decoded[index])
      if case .failure(let fault) = decoded[index], file.number == firstNumber + UInt32(index) {
        var salts = neighbour.map { [$0.salt] } ?? []
        if file.start.count == SegmentHeader.encodedBytes {
          salts.append((24..<32).reversed().reduce(0) { $0 << 8 | UInt64(file.start[$1]) })
        }
        let writers = Self.candidates(neighbour?.writer, owner.writer, file.start)
        for salt in salts {
          for writer in writers where damaged[file.number] == nil {
            let header = SegmentHeader(
              number: file.number, byteCount: file.byteCount, salt: salt,
              owner: LogOwner(chain: owner.chain, writer: writer))
            let isNeighbours = salt == neighbour?.salt && writer == neighbour?.writer
            guard try Self.proves(header, fault, isNeighbours: isNeighbours, storage) else { continue }
            facts.header = .success(header)
            damaged[file.number] = fault
          }
        }
      }
      headers.append(try SegmentTable.check(facts, number: firstNumber + UInt32(index), owner: &owner))
    }
  }

  /// The writers that a damaged header may have named: the one that another segment names, the expected one, the one
  /// found in its place, or none. The checksums of the records tell which it was.
  private static func candidates(
    _ neighbours: PublicKey?, _ expected: PublicKey?, _ start: [UInt8]
  ) -> [PublicKey?] {
    var candidates: [PublicKey?] = []
    let found = start.count == SegmentHeader.encodedBytes ? PublicKey(bytes: start[72..<105]) : nil
    for candidate in [neighbours, expected, found, nil] where !candidates.contains(candidate) {
      candidates.append(candidate)
    }
    return candidates
  }

  /// Whether this is the original header of the segment: the checksums of the record headers depend on its binding. A
  /// segment without records contains nothing that could be bound to another header.
  private static func proves(
    _ header: SegmentHeader, _ fault: SegmentHeader.Fault, isNeighbours: Bool, _ storage: Storage
  ) throws(LogError) -> Bool {
    if case .unknownVersion = fault { return false }
    guard header.byteCount >= SegmentHeader.reservedBytes, header.byteCount <= Limits.segmentBytes
    else { return false }
    var window = SegmentWindow(storage, file: SegmentHeader.fileName(header.number), end: header.byteCount)
    if try window.firstNonZero(from: SegmentHeader.reservedBytes) == nil { return isNeighbours }
    let binding = header.binding
    let chunk = 1 << 20
    var lower = SegmentHeader.reservedBytes
    while header.byteCount - lower >= RecordHeader.byteCount {
      let count = min(chunk + RecordHeader.byteCount, header.byteCount - lower)
      let place = try window.load(lower, count)
      for step in stride(from: 0, through: count - RecordHeader.byteCount, by: 8)
      where window.readHeader(at: place + step, binding: binding) != nil {
        return true
      }
      lower += chunk
    }
    return false
  }
}
