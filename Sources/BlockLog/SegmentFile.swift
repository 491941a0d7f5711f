import Primitives

/// Creates and clears segment files.
enum SegmentFile {
  /// Kept small: the page cache holds the bytes of one large write as one unit, and later small writes must walk
  /// through all of it.
  private static let chunkBytes = 64 << 10

  static func empty<Storage: Disk>(_ header: SegmentHeader) -> LogScan<Storage>.Segment {
    LogScan<Storage>.Segment(
      header: header, binding: header.binding, first: nil, end: SegmentHeader.reservedBytes)
  }

  /// Creates the complete file in one go.
  static func make(_ header: SegmentHeader, on storage: some Disk) throws(DiskError) {
    let file = SegmentHeader.unfinishedName(header.number)
    try storage.create(file, byteCount: header.byteCount)
    try fill(header, 0..<header.byteCount, as: file, on: storage)
    try storage.rename(file, to: SegmentHeader.fileName(header.number))
    try storage.syncDirectory()
  }

  /// Writes and syncs this range of a new segment, including the header if the range contains it.
  static func fill(
    _ header: SegmentHeader, _ range: Range<Int>, as file: String, on storage: some Disk
  ) throws(DiskError) {
    try clear(file, range, on: storage)
    if range.lowerBound == 0 { try storage.write(file, at: 0, header.encoded.span.bytes) }
    try storage.sync(file)
  }

  static func clear(_ file: String, _ range: Range<Int>, on storage: some Disk) throws(DiskError) {
    let zeros = [UInt8](repeating: 0, count: min(chunkBytes, range.count))
    var offset = range.lowerBound
    while offset < range.upperBound {
      let count = min(zeros.count, range.upperBound - offset)
      try storage.write(file, at: offset, zeros.span.bytes.extracting(0..<count))
      offset += count
    }
  }
}
