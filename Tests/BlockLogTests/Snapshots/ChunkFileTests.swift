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

  @Test("pieces come back by number, in whatever order they were written, also after opening again")
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

  @Test("a crash at any byte leaves the whole pieces before it, and writing goes on behind them")
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

  @Test("D2: a flipped bit is named, or ends the file before it; it is never read as sound")
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
}
