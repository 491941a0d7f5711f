/// Slots for elements of one fixed-size type, addressed by dense 32-bit indices, in chunks that never move.
///
/// Growing allocates one more chunk and copies no elements, so no single update pays for a whole table. Freed slots
/// are reused, the last freed first. Indices are checked in debug builds only: the owner of the arena hands out all
/// indices itself, and none comes from outside.
struct Arena<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  // 16,384 slots per chunk: 1 MiB for the map's 64-byte slots.
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

  /// The number of slots in use.
  var count: Int { handedOut - free.count }

  /// The number of slots that were ever in use. Every index is below it.
  var placeCount: Int { handedOut }

  /// Stores `element` in a slot and returns the index of that slot.
  mutating func insert(_ element: Element) -> UInt32 {
    let index: UInt32
    if let last = free.popLast() {
      index = last
    } else {
      if handedOut == chunkCount << Int(Self.shift) { addChunk() }
      precondition(handedOut < 1 << 31, "an arena holds \(handedOut) slots, the most that its indices can address")
      index = UInt32(handedOut)
      handedOut += 1
    }
    pointer(index).initialize(to: element)
    return index
  }

  /// Frees the slot. Its content stays until the slot is reused.
  mutating func remove(_ index: UInt32) {
    assert(index < handedOut, "slot \(index) of \(handedOut) was never handed out")
    free.append(index)
  }

  /// The address of slot `index`, valid for as long as the arena exists.
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
    // Alignment makes a slot of 64 bytes exactly one cache line.
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: Self.slotsPerChunk * MemoryLayout<Element>.stride, alignment: 64)
    (chunks + chunkCount).initialize(to: raw.bindMemory(to: Element.self, capacity: Self.slotsPerChunk))
    chunkCount += 1
  }
}
