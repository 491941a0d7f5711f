import Ledger
import Primitives
import Testing

@testable import Replica

@Testing.Suite("Finding the blocks below a snapshot again")
struct HeaderChainTests {
  private func digest(_ height: Int) -> Digest { Digest(UInt64(height), 7, 7, 7) }

  private func header(_ height: Int) -> BlockHeader {
    BlockHeader(
      height: Height(UInt64(height)), parent: digest(height - 1), parentResult: .zero,
      timestamp: Timestamp(UInt64(height)), transactionCount: 0, transactionRoot: .zero)
  }

  private func chain(to height: Int) -> HeaderChain {
    HeaderChain(
      from: .genesis, block: digest(0), to: FinalBlock(digest: digest(height), height: Height(UInt64(height))))
  }

  private func heights(_ blocks: [FinalBlock]) -> [UInt64] { blocks.map(\.height.rawValue) }

  @Test("blocks are final in order, with their finalization or a later one, whatever comes first")
  func inOrder() {
    var chain = chain(to: 4)
    var found: [FinalBlock] = []
    found += chain.add(digest(1), header(1))
    found += chain.finalize(digest(2))
    found += chain.addExecution(of: digest(2))
    found += chain.addExecution(of: digest(1))
    #expect(found.isEmpty)
    found += chain.add(digest(2), header(2))
    #expect(heights(found) == [1, 2])
    found += chain.add(digest(3), header(3))
    found += chain.addExecution(of: digest(3))
    found += chain.add(digest(4), header(4))
    found += chain.addExecution(of: digest(4))
    #expect(heights(found) == [1, 2])
    found += chain.finish()
    #expect(heights(found) == [1, 2, 3, 4])
    #expect(chain.isComplete)
  }

  @Test("D2: after a hole nothing is found, and that costs no more than reading on")
  func hole() {
    let count = 20_000
    var chain = chain(to: count)
    for height in 1...count where height != 10 {
      _ = chain.add(digest(height), header(height))
      _ = chain.addExecution(of: digest(height))
      _ = chain.finalize(digest(height))
    }
    let found = chain.finish()
    #expect(found.isEmpty)
    #expect(!chain.isComplete)
  }
}
