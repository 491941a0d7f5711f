import Primitives

/// Making segment files.
enum SegmentFile {
  /// Small: the page cache keeps what is written at once in one piece, through all of which later small writes walk.
  private static let chunkBytes = 64 << 10

  static func empty<Storage: Disk>(_ header: SegmentHeader) -> LogScan<Storage>.Segment {
    LogScan<Storage>.Segment(
      header: header, binding: header.binding, first: nil, end: SegmentHeader.reservedBytes)
  }

  /// Makes the whole file at once.
  static func make(_ header: SegmentHeader, on storage: some Disk) throws(DiskError) {
    let file = SegmentHeader.unfinishedName(header.number)
    try storage.create(file, byteCount: header.byteCount)
    try fill(header, 0..<header.byteCount, as: file, on: storage)
    try storage.rename(file, to: SegmentHeader.fileName(header.number))
    try storage.syncDirectory()
  }

  /// Writes that part of a new segment, the header in it, and syncs.
  static func fill(
    _ header: SegmentHeader, _ range: Range<Int>, as file: String, on storage: some Disk
  ) throws(DiskError) {
    try clear(file, range, on: storage)
    if range.lowerBound == 0 { try storage.write(file, at: 0, header.encoded.span.bytes) }
    try storage.sync(file)
  }

  /// Writes zeros.
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
