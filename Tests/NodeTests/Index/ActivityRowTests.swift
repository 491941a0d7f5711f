import GRDB
import Testing

@testable import Node

@Suite("Packed rows of an account's transactions")
struct ActivityRowTests {
  private let account = IndexSamples.account("a")

  @Test("A row is the newest position and the distances below it")
  func bytes() throws {
    let row = ActivityRow(account, [1, 5, 6, 0x12345])
    #expect(row.newest == 0x12345)
    #expect(row.earlier == [0xBF, 0xC6, 0x04, 0x01, 0x04])
    #expect(try ActivityRow.positions(newest: row.newest, earlier: row.earlier) == [0x12345, 6, 5, 1])
    #expect(ActivityRow(account, [7]).earlier.isEmpty)
    #expect(try ActivityRow.positions(newest: 7, earlier: []) == [7])
  }

  @Test("The furthest positions are read back", arguments: [1, 2, ActivityRow.mostPositions])
  func furthest(count: Int) throws {
    let positions =
      (0..<Int64(count - 1)).map { $0 * 70_000 } + [
        IndexedPlace(height: IndexedPlace.lastHeight, index: 65_535).position
      ]
    let row = ActivityRow(account, positions)
    #expect(try ActivityRow.positions(newest: row.newest, earlier: row.earlier) == positions.reversed())
  }

  @Test(
    "Bytes that are no row are damage, not positions",
    arguments: [
      [0x80], [0x00], [0x80, 0x00], [0x0B], [0x01, 0xFF], [UInt8](repeating: 0xFF, count: 9) + [0x01],
      [UInt8](repeating: 0xFF, count: 40), [UInt8](repeating: 0x01, count: ActivityRow.mostPositions),
    ] as [[UInt8]])
  func damaged(earlier: [UInt8]) {
    let newest: Int64 = earlier.count == ActivityRow.mostPositions ? 1000 : 10
    #expect(throws: DatabaseError.self) { try ActivityRow.positions(newest: newest, earlier: earlier) }
  }
}
