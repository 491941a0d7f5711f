import Primitives

/// A buffered view of one segment file that reads as zeros beyond the end of the file.
struct SegmentWindow<Storage: Disk> {
  private static var readBytes: Int { 1 << 20 }

  let storage: Storage
  private(set) var file: String
  private var buffer: [UInt8] = []
  /// The offset in the file of the buffer's first byte, and how many bytes of the buffer are filled from the file.
  private var start = 0
  private var filled = 0
  /// Offset at which the segment ends.
  private(set) var end: Int

  init(_ storage: Storage, file: String, end: Int) {
    self.storage = storage
    self.file = file
    self.end = end
  }

  /// Switches to another file but keeps the buffer's memory.
  mutating func move(to file: String, end: Int) {
    self.file = file
    self.end = end
    start = 0
    filled = 0
  }

  /// Makes `count` bytes at `offset` readable; returns their index in `bytes`.
  mutating func load(_ offset: Int, _ count: Int) throws(LogError) -> Int {
    precondition(offset >= 0 && count >= 0 && offset + count <= end, "\(offset)+\(count) is outside 0..<\(end)")
    if offset >= start, offset + count <= start + filled { return offset - start }
    let wanted = min(max(count, Self.readBytes), end - offset)
    if buffer.count < wanted { buffer = [UInt8](repeating: 0, count: wanted) }
    start = offset
    filled = 0
    let read: Int
    do { read = try storage.read(file, at: offset, into: &buffer) } catch { throw LogError(error) }
    for index in read..<max(read, wanted) { buffer[index] = 0 }
    filled = min(buffer.count, max(read, wanted))
    return 0
  }

  /// The bytes that `load` made readable.
  var bytes: [UInt8] { buffer }

  func readHeader(at index: Int, binding: UInt32) -> RecordHeader? {
    RecordHeader.read(buffer.span.bytes, at: index, binding: binding)
  }

  func checksum(_ range: Range<Int>) -> UInt32 { Checksum.crc32c(buffer.span.bytes.extracting(range)) }

  func isZero(_ range: Range<Int>) -> Bool { Self.firstNonZero(buffer.span.bytes.extracting(range)) == nil }

  func copy(_ range: Range<Int>) -> [UInt8] { Array(buffer[range]) }

  /// Offset of the first non-zero byte in `offset..<end`.
  mutating func firstNonZero(from offset: Int) throws(LogError) -> Int? {
    var offset = offset
    while offset < end {
      let count = min(Self.readBytes, end - offset)
      let index = try load(offset, count)
      if let found = Self.firstNonZero(buffer.span.bytes.extracting(index..<index + count)) { return offset + found }
      offset += count
    }
    return nil
  }

  /// Offset after the last non-zero byte in `offset..<end`, or `offset` if there is none.
  mutating func lastNonZeroEnd(from offset: Int) throws(LogError) -> Int {
    var upper = end
    while upper > offset {
      let lower = max(offset, upper - Self.readBytes)
      let index = try load(lower, upper - lower)
      if let found = buffer[index..<index + (upper - lower)].lastIndex(where: { $0 != 0 }) {
        return lower + found - index + 1
      }
      upper = lower
    }
    return offset
  }

  /// Whether a sector or the end of the bad payload was never written. `payload` is the payload's index in `bytes`,
  /// `offset` its offset in the file.
  func zerosExplain(_ record: RecordHeader, payload: Int, offset: Int) -> Bool {
    let end = offset + record.payloadBytes + 1  // The guard byte belongs to what was written.
    guard buffer[payload + record.payloadBytes] != 0 else { return true }
    var lower = offset
    while lower < end {
      let upper = min(end, (lower / RecordHeader.sectorBytes + 1) * RecordHeader.sectorBytes)
      if isZero(payload + lower - offset..<payload + upper - offset) { return true }
      lower = upper
    }
    return false
  }

  private static func firstNonZero(_ span: RawSpan) -> Int? {
    span.withUnsafeBytes { raw in
      var offset = 0
      while raw.count - offset >= 8, raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self) == 0 { offset += 8 }
      while offset < raw.count {
        if raw[offset] != 0 { return offset }
        offset += 1
      }
      return nil
    }
  }
}
