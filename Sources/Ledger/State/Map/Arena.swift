/// Slots of one fixed-size kind, addressed by dense 32-bit indices, in chunks that never move.
///
/// Growing allocates one more chunk and copies nothing, so no single update pays for a whole table. Freed
/// slots are handed out again, last freed first. Indices are checked in debug builds only: whoever owns the
/// arena hands out every index itself, none comes from outside.
struct Arena<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  // 16,384 slots per chunk: 1 MiB of the map's 64-byte slots.
  private static var shift: UInt32 { 14 }
  private static var slotsPerChunk: Int { 1 << 14 }

  private var chunks: UnsafeMutablePointer<UnsafeMutablePointer<Element>>
  private var chunkCount = 0
  private var chunkCapacity = 16
  private var handedOut = 0
  private var free: [UInt32] = []

  init() {
    chunks = .allocate(capacity: chunkCapacity)
  }

  deinit {
    for index in 0..<chunkCount { UnsafeMutableRawPointer(chunks[index]).deallocate() }
    chunks.deallocate()
  }

  /// Slots in use.
  var count: Int { handedOut - free.count }

  /// Slots that were ever in use: every index is below.
  var placeCount: Int { handedOut }

  /// A slot with `element` in it.
  mutating func insert(_ element: Element) -> UInt32 {
    let index: UInt32
    if let last = free.popLast() {
      index = last
    } else {
      if handedOut == chunkCount << Int(Self.shift) { addChunk() }
      precondition(handedOut < 1 << 31, "an arena holds \(handedOut) slots, the most its indices can name")
      index = UInt32(handedOut)
      handedOut += 1
    }
    pointer(index).initialize(to: element)
    return index
  }

  /// Gives the slot back. Its content stays until the slot is handed out again.
  mutating func remove(_ index: UInt32) {
    assert(index < handedOut, "slot \(index) of \(handedOut) was never handed out")
    free.append(index)
  }

  /// Where slot `index` lives, for as long as the arena does.
  @inline(__always)
  func pointer(_ index: UInt32) -> UnsafeMutablePointer<Element> {
    assert(index < handedOut, "slot \(index) of \(handedOut) was never handed out")
    return chunks[Int(index >> Self.shift)] + Int(index & UInt32(Self.slotsPerChunk - 1))
  }

  @inline(__always)
  subscript(index: UInt32) -> Element {
    get { pointer(index).pointee }
    nonmutating set { pointer(index).pointee = newValue }
  }

  private mutating func addChunk() {
    if chunkCount == chunkCapacity {
      let larger = UnsafeMutablePointer<UnsafeMutablePointer<Element>>.allocate(capacity: chunkCapacity * 2)
      larger.moveInitialize(from: chunks, count: chunkCount)
      chunks.deallocate()
      chunks = larger
      chunkCapacity *= 2
    }
    // A slot of 64 bytes is then one cache line.
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: Self.slotsPerChunk * MemoryLayout<Element>.stride, alignment: 64)
    (chunks + chunkCount).initialize(to: raw.bindMemory(to: Element.self, capacity: Self.slotsPerChunk))
    chunkCount += 1
  }
}
