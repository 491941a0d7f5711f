package import Primitives

/// A deterministic disk for simulations and tests that behaves as badly as a real one is allowed to.
///
/// Each file has two states: what readers see and what would survive a crash. A write changes the first; `sync` copies
/// the changed sectors to the second. `syncDirectory` does the same for names. A crash keeps some of the changed
/// sectors, in any order, and a prefix of the name changes, because file systems journal those in order.
///
/// After a failed `sync`, the changes stay visible but are no longer scheduled to be written, as on Linux: a later
/// `sync` succeeds without them, and only a crash reveals that they are gone.
package final class MemoryDisk: Disk {
  /// Which of the changes since the last sync survive a crash.
  package enum Survival: CaseIterable, Sendable {
    case nothing
    case everything
    /// The first changed sectors up to a random one, which is torn at a random byte.
    case prefix
    /// Each changed sector with probability one half.
    case scattered
  }

  private enum NameChange {
    case set(String, file: Int)
    case move(String, to: String)
    case remove(String)
  }

  private var files: [Int: MemoryFile] = [:]
  private var nextFile = 0
  private var names: [String: Int] = [:]
  private var durableNames: [String: Int] = [:]
  private var nameChanges: [NameChange] = []

  // MARK: Faults to inject

  /// The greatest number of bytes that all files together may have.
  package var capacity = Int.max
  /// How many of the next syncs, of files or of the directory, fail.
  package var failingSyncs = 0
  package var failingWrites = 0
  package var failingReads = 0
  /// How many more operations that change something succeed before the disk stops; nil if it does not stop.
  package var operationsLeft: Int?

  // MARK: Counters

  /// Operations that change or sync something, since the start.
  package private(set) var operations = 0
  package private(set) var writtenBytes = 0
  package private(set) var syncs = 0

  package init() {}

  /// An equal disk that shares nothing with this one.
  package func copy() -> MemoryDisk {
    let copy = MemoryDisk()
    (copy.files, copy.nextFile, copy.names) = (files, nextFile, names)
    (copy.durableNames, copy.nameChanges) = (durableNames, nameChanges)
    (copy.capacity, copy.failingSyncs, copy.failingWrites) = (capacity, failingSyncs, failingWrites)
    (copy.failingReads, copy.operationsLeft) = (failingReads, operationsLeft)
    (copy.operations, copy.writtenBytes, copy.syncs) = (operations, writtenBytes, syncs)
    return copy
  }

  // MARK: Disk

  package func list() throws(DiskError) -> [String] { names.keys.sorted() }

  package func create(_ file: String, byteCount: Int) throws(DiskError) {
    try begin(.create, file)
    let replaced = names[file].flatMap { files[$0]?.visible.count } ?? 0
    guard fits(byteCount - replaced) else { throw full(.create, file, byteCount) }
    files[nextFile] = MemoryFile(zeros: byteCount)
    names[file] = nextFile
    nameChanges.append(.set(file, file: nextFile))
    nextFile += 1
  }

  package func size(of file: String) throws(DiskError) -> Int? {
    names[file].flatMap { files[$0]?.visible.count }
  }

  package func read(_ file: String, at offset: Int, into buffer: inout [UInt8]) throws(DiskError) -> Int {
    guard let visible = names[file].flatMap({ files[$0]?.visible }) else { throw missing(.read, file) }
    if failingReads > 0 {
      failingReads -= 1
      throw broken(.read, file)
    }
    let count = max(0, min(buffer.count, visible.count - offset))
    guard count > 0 else { return 0 }
    buffer.withUnsafeMutableBytes { target in
      visible.withUnsafeBytes { source in
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[offset..<offset + count]))
      }
    }
    return count
  }

  package func write(_ file: String, at offset: Int, _ bytes: RawSpan) throws(DiskError) {
    try begin(.write, file)
    guard let number = names[file], let size = files[number]?.visible.count else { throw missing(.write, file) }
    if failingWrites > 0 {
      failingWrites -= 1
      throw broken(.write, file)
    }
    let end = offset + bytes.byteCount
    guard bytes.byteCount > 0 else { return }
    guard fits(max(0, end - size)) else { throw full(.write, file, bytes.byteCount) }
    bytes.withUnsafeBytes { files[number]?.replace(offset, $0) }
    writtenBytes += bytes.byteCount
  }

  package func sync(_ file: String) throws(DiskError) {
    try begin(.sync, file)
    guard let number = names[file] else { throw missing(.sync, file) }
    syncs += 1
    if failingSyncs > 0 {
      failingSyncs -= 1
      files[number]?.loseChanges()
      throw broken(.sync, file)
    }
    files[number]?.keepAll()
  }

  package func syncDirectory() throws(DiskError) {
    try begin(.sync, ".")
    syncs += 1
    if failingSyncs > 0 {
      failingSyncs -= 1
      throw broken(.sync, ".")
    }
    applyNameChanges(nameChanges.count)
  }

  package func rename(_ file: String, to target: String) throws(DiskError) {
    try begin(.rename, file)
    guard let number = names.removeValue(forKey: file) else { throw missing(.rename, file) }
    names[target] = number
    nameChanges.append(.move(file, to: target))
  }

  package func remove(_ file: String) throws(DiskError) {
    try begin(.remove, file)
    guard names.removeValue(forKey: file) != nil else { return }
    nameChanges.append(.remove(file))
  }

  // MARK: Crashes and damage

  /// Loses what a crash would lose. Faults that are still to be injected remain, but a stopped disk works again.
  package func crash(_ survival: Survival, using generator: inout SeededGenerator) {
    for number in files.keys.sorted() { files[number]?.crash(survival, using: &generator) }
    let kept =
      switch survival {
      case .nothing: 0
      case .everything: nameChanges.count
      case .prefix, .scattered: Int.random(in: 0...nameChanges.count, using: &generator)
      }
    applyNameChanges(kept)
    names = durableNames
    let reachable = Set(names.values)
    files = files.filter { reachable.contains($0.key) }
    operationsLeft = nil
  }

  /// The bytes that readers of the file see, nil if there is no such file.
  package func contents(of file: String) -> [UInt8]? { names[file].flatMap { files[$0]?.visible } }

  /// Replaces the contents of the file, durably, in a way that no program could.
  package func replaceContents(of file: String, with bytes: [UInt8]) {
    let number = names[file] ?? nextFile
    if number == nextFile { nextFile += 1 }
    files[number] = MemoryFile(durable: bytes)
    names[file] = number
    durableNames[file] = number
  }

  /// Flips one bit of the file, durably. An offset outside the file has no effect.
  package func flipBit(of file: String, at offset: Int, bit: Int) {
    guard let number = names[file] else { return }
    files[number]?.flip(offset, UInt8(1) << UInt8(bit & 7))
  }

  // MARK: Helpers

  private func fits(_ growth: Int) -> Bool {
    guard capacity < .max else { return true }
    return growth + names.values.reduce(0) { $0 + (files[$1]?.visible.count ?? 0) } <= capacity
  }

  private func begin(_ operation: DiskError.Operation, _ file: String) throws(DiskError) {
    if let left = operationsLeft {
      guard left > 0 else {
        throw DiskError(operation, path: file, cause: .other, systemText: "the simulated machine has stopped")
      }
      operationsLeft = left - 1
    }
    operations += 1
  }

  private func applyNameChanges(_ count: Int) {
    for change in nameChanges.prefix(count) {
      switch change {
      case .set(let name, let file): durableNames[name] = file
      case .move(let name, let target): durableNames[target] = durableNames.removeValue(forKey: name)
      case .remove(let name): durableNames[name] = nil
      }
    }
    nameChanges.removeAll(keepingCapacity: true)
  }

  private func missing(_ operation: DiskError.Operation, _ file: String) -> DiskError {
    DiskError(operation, path: file, cause: .missing, systemText: "no such file")
  }

  private func broken(_ operation: DiskError.Operation, _ file: String) -> DiskError {
    DiskError(operation, path: file, cause: .inputOutput, systemText: "simulated input/output error")
  }

  private func full(_ operation: DiskError.Operation, _ file: String, _ byteCount: Int) -> DiskError {
    DiskError(
      operation, path: file, cause: .full, systemText: "simulated disk of \(capacity) bytes is full",
      byteCount: byteCount)
  }
}
