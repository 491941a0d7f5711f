import BlockLog
import Ledger
import NodeCore
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("The index of the committed chain")
struct ChainIndexTests {
  private func digest(_ height: UInt64) -> Digest { Digest(height, 1, 1, 1) }
  private func address(_ number: UInt32) -> RecordAddress { RecordAddress(segment: 1, offset: number) }

  private func index(_ heights: UInt64, certifying: Set<UInt64>) -> ChainIndex {
    var index = ChainIndex()
    for height in 1...heights {
      let base = UInt32(height) * 10
      index.note(.block, of: digest(height), height: Height(height), at: address(base))
      index.note(.execution, of: digest(height), height: Height(height), at: address(base + 1))
      if certifying.contains(height) {
        index.note(.finalization, of: digest(height), height: Height(height), at: address(base + 2))
      }
      let isCommitted = index.commit(digest(height), at: Height(height))
      #expect(isCommitted)
    }
    return index
  }

  @Test("heights are found with block, execution and their own finalization")
  func lookups() {
    let index = index(5, certifying: [2, 4])
    #expect(index.height == Height(5))
    #expect(index[Height(2)]?.block == address(20))
    #expect(index[Height(2)]?.execution == address(21))
    #expect(index[Height(2)]?.finalization == address(22))
    #expect(index[Height(3)]?.finalization == nil)
    #expect(index[.genesis] == nil)
    #expect(index[Height(6)] == nil)
    #expect(index[Height(.max)] == nil)
  }

  @Test("the next height with a finalization of its own is found")
  func certified() {
    let index = index(5, certifying: [2, 4])
    #expect(index.certified(from: .genesis) == Height(2))
    #expect(index.certified(from: Height(2)) == Height(2))
    #expect(index.certified(from: Height(3)) == Height(4))
    #expect(index.certified(from: Height(5)) == nil)
    #expect(index.certified(from: Height(.max)) == nil)
  }

  @Test("a height without block or execution record, or out of turn, is not committed")
  func refusals() {
    var index = index(2, certifying: [])
    func commit(_ height: UInt64) -> Bool { index.commit(digest(height), at: Height(height)) }
    #expect(!commit(3))
    index.note(.block, of: digest(3), height: Height(3), at: address(30))
    #expect(!commit(3))
    index.note(.execution, of: digest(3), height: Height(3), at: address(31))
    index.note(.block, of: digest(4), height: Height(4), at: address(40))
    index.note(.execution, of: digest(4), height: Height(4), at: address(41))
    #expect(!commit(4))
    #expect(commit(3))
    #expect(!commit(3))
    #expect(commit(4))
  }

  @Test("a finalization that comes before its block keeps its place")
  func finalizationFirst() {
    var index = ChainIndex()
    index.note(.finalization, of: digest(1), height: .genesis, at: address(5))
    index.note(.block, of: digest(1), height: Height(1), at: address(10))
    index.note(.execution, of: digest(1), height: Height(1), at: address(11))
    let isCommitted = index.commit(digest(1), at: Height(1))
    #expect(isCommitted)
    #expect(index[Height(1)]?.finalization == address(5))
    #expect(index.certified(from: Height(1)) == Height(1))
  }

  @Test("the first address of a record stays, and blocks of other branches are forgotten")
  func branches() {
    var index = ChainIndex()
    let branches: [(UInt64, UInt32)] = [(1, 10), (100, 20)]
    for (branch, base) in branches {
      index.note(.block, of: digest(branch), height: Height(1), at: address(base))
      index.note(.execution, of: digest(branch), height: Height(1), at: address(base + 1))
    }
    index.note(.block, of: digest(1), height: Height(1), at: address(99))
    let first = index.commit(digest(1), at: Height(1))
    #expect(first)
    #expect(index[Height(1)]?.block == address(10))
    let second = index.commit(digest(100), at: Height(2))
    #expect(!second)
  }

  @Test("a range is read back with the headers up to the certified height")
  func ranges() throws {
    let harness = try ReplicaHarness()
    let blocks = try harness.chain(6)
    let points = try harness.points(blocks)
    let finalization = try harness.certificate(
      .finalize(harness.proposal(blocks[4], view: 5, parent: 4), result: points[4].result), by: [1, 2, 3])
    var index = ChainIndex()
    var stored: [RecordAddress: [UInt8]] = [:]
    for (number, block) in blocks.enumerated() {
      let base = UInt32(number + 1) * 10
      let height = Height(UInt64(number + 1))
      stored[address(base)] = block.bytes
      index.note(.block, of: block.digest, height: height, at: address(base))
      index.note(.execution, of: block.digest, height: height, at: address(base + 1))
      if number == 4 {
        stored[address(base + 2)] = PeerMessage.certificate(finalization).encoded().dropFirst().map { $0 }
        index.note(.finalization, of: block.digest, height: height, at: address(base + 2))
      }
      let isCommitted = index.commit(block.digest, at: height)
      #expect(isCommitted)
    }
    struct Unread: Error {}
    func range(_ from: UInt64) throws -> BlockRange? {
      try RangeAssembly.range(from: Height(from), index: index) { (address) throws(Unread) in
        guard let payload = stored[address] else { throw Unread() }
        return payload
      }
    }
    // Height 6 is not proven by anything yet, so the range stops where its proof ends.
    let whole = try #require(try range(1))
    #expect(whole.blocks == blocks.prefix(5).map(\.bytes))
    #expect(whole.headers.isEmpty)
    #expect(whole.finalization == finalization)
    #expect(try range(5)?.blocks == [blocks[4].bytes])
    #expect(try range(6) == nil)
    #expect(try range(7) == nil)
    stored[address(20)] = nil
    #expect(throws: ProofAssemblyError<Unread>.self) { try range(1) }
  }
}
