import Primitives

/// Segment files that are missing in front of others. Empty ones take their place, so that their records are found lost
/// and repaired like any other damage.
///
/// Nothing shows what was in a file behind the last record that is left. It is not replaced, and the log remains refused:
/// with an empty file it would be a shorter log, without own votes that may have left.
package enum MissingSegments {
  /// Makes the missing files and returns their names. The log is then damaged where they were.
  package static func makeEmpty<Storage: Disk>(on storage: Storage, owner: LogOwner) throws(LogError) -> [String] {
    let first = try PruneMark.read(storage, owner: owner)?.firstSegment ?? 1
    do throws(DiskError) {
      let numbers = Set(try storage.list().compactMap { SegmentHeader.number(ofFile: $0) }.filter { $0 >= first })
      // If more are missing at the start, the log was pruned and its prune mark is what was lost.
      guard let lowest = numbers.min(), lowest - first <= 1 else { return [] }
      // Only a segment with a record bounds what is missing: a stray file may have any number.
      guard let proof = try lastWithRecord(numbers, owner, storage), proof.number > first else { return [] }
      var made: [String] = []
      for number in first..<proof.number where !numbers.contains(number) {
        let unfinished = SegmentHeader.unfinishedName(number)
        if try storage.size(of: unfinished) != nil { try storage.remove(unfinished) }
        // No segment is larger than the next one.
        let header = SegmentHeader(
          number: number, byteCount: proof.byteCount, salt: proof.salt,
          owner: LogOwner(chain: proof.chain, writer: proof.writer))
        try SegmentFile.make(header, on: storage)
        made.append(SegmentHeader.fileName(number))
      }
      return made
    } catch { throw LogError(error) }
  }

  /// The last segment of this owner that begins with a record: every segment before it was full and synced.
  private static func lastWithRecord(
    _ numbers: Set<UInt32>, _ owner: LogOwner, _ storage: some Disk
  ) throws(DiskError) -> SegmentHeader? {
    for number in numbers.sorted(by: >) {
      let file = SegmentHeader.fileName(number)
      var bytes = [UInt8](repeating: 0, count: SegmentHeader.encodedBytes)
      let count = try storage.read(file, at: 0, into: &bytes)
      guard let header = try? SegmentHeader(decoding: Array(bytes[..<count])), header.number == number else { continue }
      var expected = owner
      guard (try? expected.check(file, chain: header.chain, writer: header.writer)) != nil else { continue }
      var record = [UInt8](repeating: 0, count: RecordHeader.byteCount)
      guard try storage.read(file, at: SegmentHeader.reservedBytes, into: &record) == record.count,
        RecordHeader.read(record.span.bytes, at: 0, binding: header.binding) != nil
      else { continue }
      return header
    }
    return nil
  }
}
