import Primitives

/// A file of a `MemoryDisk`: the bytes that readers see, and those that would survive a crash.
struct MemoryFile {
  /// Sectors are written completely or not at all, except for one that a crash tears.
  static let sectorBytes = RecordHeader.sectorBytes

  private(set) var visible: [UInt8]
  private var durable: [UInt8]
  /// Whether each sector changed since the last sync.
  private var changed: [Bool]
  /// The range that contains all changed sectors. A file has many sectors, and few of them change between two syncs.
  private var suspects: Range<Int>

  /// A new file that is not synced yet.
  init(zeros byteCount: Int) {
    visible = [UInt8](repeating: 0, count: byteCount)
    durable = []
    changed = [Bool](repeating: true, count: MemoryFile.sectors(byteCount))
    suspects = changed.indices
  }

  init(durable bytes: [UInt8]) {
    visible = bytes
    durable = bytes
    changed = [Bool](repeating: false, count: MemoryFile.sectors(bytes.count))
    suspects = 0..<0
  }

  private static func sectors(_ byteCount: Int) -> Int { (byteCount + sectorBytes - 1) / sectorBytes }

  mutating func replace(_ offset: Int, _ bytes: UnsafeRawBufferPointer) {
    let end = offset + bytes.count
    if visible.count < end { visible.append(contentsOf: repeatElement(0, count: end - visible.count)) }
    visible.withUnsafeMutableBytes { UnsafeMutableRawBufferPointer(rebasing: $0[offset..<end]).copyMemory(from: bytes) }
    let last = (end - 1) / MemoryFile.sectorBytes
    let first = min(offset / MemoryFile.sectorBytes, changed.count)
    while changed.count <= last { changed.append(true) }
    for sector in first...last { changed[sector] = true }
    suspects =
      suspects.isEmpty ? first..<last + 1 : min(suspects.lowerBound, first)..<max(suspects.upperBound, last + 1)
  }

  mutating func keepAll() {
    // Not all of a file that grew: what a failed sync lost stays lost.
    if durable.count < visible.count {
      durable.append(contentsOf: repeatElement(0, count: visible.count - durable.count))
    }
    for sector in suspects where changed[sector] { keep(range(sector)) }
    forgetChanges()
  }

  /// Simulates a failed sync: the changes stay visible but will not be written.
  mutating func loseChanges() {
    if durable.count < visible.count {
      durable.append(contentsOf: repeatElement(0, count: visible.count - durable.count))
    }
    forgetChanges()
  }

  private mutating func forgetChanges() {
    for sector in suspects { changed[sector] = false }
    suspects = 0..<0
  }

  mutating func flip(_ offset: Int, _ mask: UInt8) {
    guard visible.indices.contains(offset) else { return }
    visible[offset] ^= mask
    if durable.indices.contains(offset) { durable[offset] ^= mask }
  }

  mutating func crash(_ survival: MemoryDisk.Survival, using generator: inout SeededGenerator) {
    let candidates = suspects.filter { changed[$0] }
    if !candidates.isEmpty, survival != .nothing, durable.count < visible.count {
      durable.append(contentsOf: repeatElement(0, count: visible.count - durable.count))
    }
    switch survival {
    case .nothing: break
    case .everything: for sector in candidates { keep(range(sector)) }
    case .scattered: for sector in candidates where Bool.random(using: &generator) { keep(range(sector)) }
    case .prefix:
      let whole = Int.random(in: 0...candidates.count, using: &generator)
      for sector in candidates.prefix(whole) { keep(range(sector)) }
      if whole < candidates.count {
        let torn = range(candidates[whole])
        keep(torn.lowerBound..<Int.random(in: torn.lowerBound...torn.upperBound, using: &generator))
      }
    }
    visible = durable
    changed = [Bool](repeating: false, count: MemoryFile.sectors(visible.count))
    suspects = 0..<0
  }

  private func range(_ sector: Int) -> Range<Int> {
    let lower = sector * MemoryFile.sectorBytes
    return lower..<min(visible.count, lower + MemoryFile.sectorBytes)
  }

  private mutating func keep(_ range: Range<Int>) {
    durable.withUnsafeMutableBytes { target in
      visible.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(rebasing: target[range]).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source[range]))
      }
    }
  }
}
