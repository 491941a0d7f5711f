internal import BlockLog
internal import Primitives

extension FuzzTarget {
  /// A sound log with the kinds of damage that disks do: `LogPromises` must hold.
  ///
  /// The first three bytes of an input determine how the log is written; then a few bytes describe each damage.
  static func damage(_ traffic: Traffic) -> FuzzTarget {
    let records = traffic.records
    let seeds: [[UInt8]] = [
      [3, 0, 0], [30, 1, 0], [60, 3, 0xFF, 0, 0, 0x40, 0, 3], [90, 4, 1, 1, 0, 0x10, 0x10, 64],
      [60, 2, 0, 3, 0, 4, 0], [40, 8, 2, 5, 7, 2, 0, 0x10, 0x10, 0x20, 0x12, 40],
    ]
    return FuzzTarget("log-damage", byteLimit: 256, mutations: 250, seeds: seeds) { (bytes) throws(BrokenPromise) in
      var input = FuzzInput(bytes)
      let promises = LogPromises(owner: traffic.logOwner)
      let count = Int(input.byte())
      let style = input.byte()
      let choices = input.byte()
      let disk: MemoryDisk
      do {
        disk = try write(records.prefix(count), style, promises)
      } catch {
        throw BrokenPromise("a log cannot be written: \(error)")
      }
      var damages = 0
      while !input.isAtEnd, damages < 16 {
        damages += 1
        damage(disk, &input)
      }
      try promises.check(disk, choices)
    }
  }

  private static func write(
    _ records: ArraySlice<LogRecord>, _ style: UInt8, _ promises: LogPromises
  ) throws -> MemoryDisk {
    let disk = MemoryDisk()
    var log = try BlockLog.create(disk, owner: promises.owner, options: promises.options)
    let syncEach = [1, 3, 16, 1000][Int(style & 3)]
    for (index, record) in records.enumerated() {
      _ = try log.append(kind: record.kind, height: record.height, payload: record.payload)
      if (index + 1) % syncEach == 0 { _ = try log.sync() }
    }
    if style & 4 != 0 { _ = try log.sync() } else { try log.flush() }
    if style & 8 != 0, let segment = log.segmentList.last(where: \.isSealed)?.number {
      try log.prune(before: segment, carry: [style])
    }
    if style & 16 != 0 { try log.close() }
    return disk
  }

  private static func damage(_ disk: MemoryDisk, _ input: inout FuzzInput) {
    let files = (try? disk.list()) ?? []
    guard !files.isEmpty else { return }
    let kind = input.byte() % 7
    let file = files[input.index(files.count)]
    guard var bytes = disk.contents(of: file), !bytes.isEmpty else { return }
    let start = input.word() % bytes.count
    switch kind {
    case 0: disk.flipBit(of: file, at: start, bit: Int(input.byte()))
    case 1:
      let end = min(bytes.count, start + input.word())
      bytes.replaceSubrange(start..<end, with: [UInt8](repeating: 0, count: end - start))
      disk.replaceContents(of: file, with: bytes)
    case 2:
      // Bytes from another place or another file, as after a lost or misdirected write.
      let source = disk.contents(of: files[input.index(files.count)]) ?? []
      let from = min(input.word(), source.count)
      let piece = source[from..<min(source.count, from + 8 * Int(input.byte()))].prefix(bytes.count - start)
      bytes.replaceSubrange(start..<start + piece.count, with: piece)
      disk.replaceContents(of: file, with: bytes)
    case 3: try? disk.remove(file)
    case 4: disk.replaceContents(of: file, with: Array(bytes[..<start]))
    case 5:
      var generator = SeededGenerator(seed: UInt64(input.byte()))
      let survivals = MemoryDisk.Survival.allCases
      disk.crash(survivals[input.index(survivals.count)], using: &generator)
    default:
      let piece = input.bytes(min(Int(input.byte()), bytes.count - start))
      bytes.replaceSubrange(start..<start + piece.count, with: piece)
      disk.replaceContents(of: file, with: bytes)
    }
  }
}
