import Primitives
import Testing

@testable import BlockLog

@Testing.Suite("Files of snapshots")
struct ChunkFileTests {
  private let chain = Digest(1, 2, 3, 4)

  private func sample(_ disk: MemoryDisk) throws -> ChunkFile<MemoryDisk> {
    var file = try ChunkFile.create(disk, name: "a", chain: chain)
    for number in [3, 1, 2] as [UInt32] { try file.append(number, payload(number)) }
    return file
  }

  private func payload(_ number: UInt32) -> [UInt8] { (0..<40 * Int(number)).map { UInt8(truncatingIfNeeded: $0) } }

  @Test("D6: a file with three pieces has exactly these bytes")
  func golden() throws {
    let disk = MemoryDisk()
    var file = try ChunkFile.create(disk, name: "a", chain: chain)
    try file.append(7, [1, 2, 3])
    let text = Hex.encode(try #require(disk.contents(of: "a")))
    #expect(
      text == "726f6164736e700a01000000" + Hex.encode(chain.bytes) + "24d4eaa6" + "07000000030000001ef230f1"
        + "aabd50f5" + "010203")
  }

  @Test("pieces are read back by number, in whatever order they were written, even after reopening")
  func roundTrip() throws {
    let disk = MemoryDisk()
    _ = try sample(disk)
    let file = try ChunkFile.open(disk, name: "a", chain: chain)
    #expect(file.numbers == [1, 2, 3])
    for number in [1, 2, 3] as [UInt32] { #expect(try file.read(number) == payload(number)) }
    #expect(throws: ChunkFileError.noPiece(file: "a", number: 9)) { try file.read(9) }
    #expect(throws: ChunkFileError.otherFile(file: "a")) {
      try ChunkFile.open(disk, name: "a", chain: Digest(9, 9, 9, 9))
    }
    #expect(throws: ChunkFileError.missing(file: "b")) { try ChunkFile.open(disk, name: "b", chain: chain) }
  }

  @Test("a crash at any byte leaves the complete pieces before it, and writing continues after them")
  func tornTail() throws {
    let disk = MemoryDisk()
    _ = try sample(disk)
    let whole = try #require(disk.contents(of: "a"))
    for count in ChunkFile<MemoryDisk>.headerBytes..<whole.count {
      disk.replaceContents(of: "a", with: Array(whole[..<count]))
      var file = try ChunkFile.open(disk, name: "a", chain: chain)
      for number in file.numbers { #expect(try file.read(number) == payload(number)) }
      for number in [1, 2, 3] as [UInt32] { try file.append(number, payload(number)) }
      let again = try ChunkFile.open(disk, name: "a", chain: chain)
      for number in [1, 2, 3] as [UInt32] { #expect(try again.read(number) == payload(number)) }
    }
  }

  @Test("D2: a flipped bit is reported, or ends the file before it; it is never read as valid")
  func flippedBits() throws {
    let disk = MemoryDisk()
    _ = try sample(disk)
    let whole = try #require(disk.contents(of: "a"))
    for place in whole.indices {
      disk.replaceContents(of: "a", with: whole)
      disk.flipBit(of: "a", at: place, bit: place)
      do throws(ChunkFileError) {
        var file = try ChunkFile.open(disk, name: "a", chain: chain)
        try file.dropDamaged()
        for number in file.numbers { #expect(try file.read(number) == payload(number)) }
        #expect(file.numbers.count < 3)
      } catch {
        #expect(error == .otherFile(file: "a"))
      }
    }
  }

  @Test("D1: a piece torn by a crash and written again is read from its complete copy, even after a restart")
  func tornAndWrittenAgain() throws {
    let disk = MemoryDisk()
    _ = try sample(disk)
    // The piece that was written first.
    let torn: UInt32 = 3
    let offset = ChunkFile<MemoryDisk>.headerBytes + ChunkFile<MemoryDisk>.pieceHeaderBytes
    disk.flipBit(of: "a", at: offset, bit: 3)
    var file = try ChunkFile.open(disk, name: "a", chain: chain)
    try file.dropDamaged()
    #expect(!file.numbers.contains(torn))
    try file.append(torn, payload(torn))
    let opened = try ChunkFile.open(disk, name: "a", chain: chain)
    #expect(opened.numbers.count == 3)
    for number in opened.numbers { #expect(try opened.read(number) == payload(number)) }
  }

  @Test("D2: remains beyond an earlier end of the file never replace a complete piece")
  func leftBehind() throws {
    let disk = MemoryDisk()
    _ = try sample(disk)
    let whole = try #require(disk.contents(of: "a"))
    var again = try ChunkFile.create(disk, name: "a", chain: chain)
    try again.append(1, Array(payload(1).reversed()))
    let other = try #require(disk.contents(of: "a"))[ChunkFile<MemoryDisk>.headerBytes...]
    // First a torn header whose length the next piece matches exactly; then a piece that also claims number 1.
    let torn = [UInt8](repeating: 0, count: ChunkFile<MemoryDisk>.pieceHeaderBytes + 5)
    for damage in [0, other.count - 1] {
      var behind = Array(other)
      if damage > 0 { behind[damage] ^= 1 }
      disk.replaceContents(of: "a", with: whole + torn + behind)
      var file = try ChunkFile.open(disk, name: "a", chain: chain)
      try file.append(9, [1, 2, 3, 4, 5])
      let opened = try ChunkFile.open(disk, name: "a", chain: chain)
      #expect(opened.byteCount == whole.count + torn.count + behind.count)
      #expect(opened.numbers == [1, 2, 3, 9])
      for number in [1, 2, 3] as [UInt32] { #expect(try opened.read(number) == payload(number)) }
    }
  }

  @Test("D9: what a failed sync left only in memory is durable once it is written again and synced")
  func failedSync() throws {
    let disk = MemoryDisk()
    let file = try sample(disk)
    try disk.syncDirectory()
    disk.failingSyncs = 1
    #expect(throws: ChunkFileError.self) { try file.sync() }
    // The node starts again.
    let again = try ChunkFile.open(disk, name: "a", chain: chain)
    try again.writeAgain()
    try again.sync()
    var generator = SeededGenerator(seed: 1)
    disk.crash(.nothing, using: &generator)
    let last = try ChunkFile.open(disk, name: "a", chain: chain)
    for number in [1, 2, 3] as [UInt32] { #expect(try last.read(number) == payload(number)) }
  }
}
