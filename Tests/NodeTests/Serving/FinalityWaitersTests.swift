import IndexHarness
import Ledger
import Primitives
import QueryIndex
import Testing

@testable import Node
@testable import Replica

@Testing.Suite("Waiting for transactions to be final")
struct FinalityWaitersTests {
  private static let far = ContinuousClock.now + .seconds(1_000_000)

  private func commit(_ indexed: IndexedBlock) -> Commit {
    let result = BlockResult(
      height: indexed.block.height, block: indexed.block.digest, stateRoot: .zero, outcomeRoot: .zero,
      above: EpochReference(epoch: .first, configuration: .zero))
    return Commit(
      block: indexed.block, execution: ExecutionRecord(result: result, digest: .zero, outcomes: indexed.outcomes),
      finalization: nil)
  }

  @Test("A wait for several transactions is answered when the last is final, in the order of the request")
  func several() async throws {
    let samples = try IndexSamples.transfers(blocks: 3)
    let board = FinalityWaiters()
    board.publish(commit(samples.blocks[1]))
    let ids = [samples.id(3), samples.id(2), samples.id(1), samples.id(3)]
    async let answer = board.wait(for: ids, until: Self.far)
    while board.waiting < 3 { await Task.yield() }
    board.publish(commit(samples.blocks[0]))
    #expect(board.waiting == 2)
    board.publish(commit(samples.blocks[2]))
    #expect(await answer.map { $0?.height.rawValue } == [3, 2, 1, 3])
    #expect(board.waiting == 0)
  }

  @Test("At the deadline a wait is answered with what is known, and nothing is left over")
  func deadline() async throws {
    let samples = try IndexSamples.transfers(blocks: 2)
    let board = FinalityWaiters()
    board.publish(commit(samples.blocks[0]))
    let answer = await board.wait(for: [samples.id(1), samples.id(2)], until: .now + .milliseconds(20))
    #expect(answer.map { $0?.id } == [samples.id(1), nil])
    #expect(board.waiting == 0)
  }

  @Test("Dropped transactions are not waited for; the others are")
  func abandoned() async throws {
    let samples = try IndexSamples.transfers(blocks: 2)
    let board = FinalityWaiters()
    async let answer = board.wait(for: [samples.id(1), samples.id(2)], until: Self.far)
    while board.waiting < 2 { await Task.yield() }
    board.abandon([samples.id(1)])
    board.publish(commit(samples.blocks[1]))
    #expect(await answer.map { $0?.id } == [nil, samples.id(2)])
  }

  @Test("Two waits for the same transaction are both answered, and a stopping node answers all")
  func closed() async throws {
    let samples = try IndexSamples.transfers(blocks: 2)
    let board = FinalityWaiters()
    async let first = board.wait(for: [samples.id(1)], until: Self.far)
    async let second = board.wait(for: [samples.id(1), samples.id(2)], until: Self.far)
    while board.waiting < 3 { await Task.yield() }
    board.publish(commit(samples.blocks[0]))
    #expect(await first.map { $0?.id } == [samples.id(1)])
    board.close()
    #expect(await second.map { $0?.id } == [samples.id(1), nil])
    #expect(await board.wait(for: [samples.id(2)], until: Self.far) == [nil])
  }
}
