import BlockLog
import IndexHarness
import Ledger
import NodeCore
import Primitives
import QueryIndex
import TestHarness
import Testing

@testable import Node
@testable import Replica

@Testing.Suite("The log thread")
struct LogThreadTests {
  private let directory: TemporaryDirectory
  private let thread = LogThread()
  private let store: ChainStore
  private let holdings: Handover<PrunableLog<FileDisk>>

  init() throws {
    let chain = IndexSamples.chain
    directory = try TemporaryDirectory()
    let log = try BlockLog.create(
      try FileDisk(path: directory.path), owner: .anyone(of: chain.genesis), options: LogOptions())
    holdings = Handover(
      PrunableLog(
        log: log, book: SegmentRounds(),
        base: LogBase(height: .genesis, origin: .founded, votingBar: nil), closed: .genesis,
        closings: ClosingStore([try FileDisk(path: directory.path)], chain: chain)))
    store = ChainStore(
      chain: chain,
      reader: LogReader(try FileDisk(path: directory.path, access: .readOnly), owner: .anyone(of: chain.genesis)),
      index: ChainIndex())
  }

  /// Runs the thread to its end. All commands queued before form one batch. Returns the reported heights, in order.
  private func runToTheEnd() -> [UInt64] {
    let stored = Recorder<UInt64>()
    let running = thread.start(
      Journal(holdings.take()), store: store,
      report: { event in
        if case .stored(let commits) = event { stored.add(commits.map(\.height.rawValue)) }
      }, failed: { Issue.record("\($0.explanation)") })
    running.stop()
    return stored.values
  }

  private func commit(_ indexed: IndexedBlock) -> Commit {
    let block = indexed.block
    let result = BlockResult(
      height: block.header.height, block: block.digest, stateRoot: .zero, outcomeRoot: .zero,
      above: EpochReference(epoch: .first, configuration: .zero))
    return Commit(
      block: block, execution: ExecutionRecord(result: result, digest: Digest(1, 1, 1, 1), outcomes: indexed.outcomes))
  }

  private func records(_ commit: Commit) -> [PendingRecord] {
    [
      PendingRecord(BlockEntry(commit.block), height: commit.height),
      PendingRecord(commit.execution, height: commit.height),
    ]
  }

  private func base(_ height: UInt64) -> PendingRecord {
    PendingRecord(BaseEntry(payload: [0]), height: Height(height))
  }

  @Test(
    "S4: blocks that became final before a snapshot took their place are committed first, in one batch with it, too")
  func commitsBeforeBase() throws {
    let commits = try IndexSamples.transfers(blocks: 2).blocks.map(commit)
    for one in commits {
      thread.put(.append(records(one)))
      thread.put(.commit([one]))
    }
    thread.put(.append([base(10)]))
    #expect(runToTheEnd() == [1, 2])
    #expect(store.base == Height(10))
    #expect(store.height == Height(10))
  }

  @Test("Final blocks can be read, whatever is in one batch")
  func readable() throws {
    let commits = try IndexSamples.transfers(blocks: 5).blocks.map(commit)
    thread.put(.append(commits.flatMap(records)))
    thread.put(.commit(commits))
    #expect(runToTheEnd() == [1, 2, 3, 4, 5])
    #expect(try store.block(at: Height(3))?.block.digest == commits[2].block.digest)
  }
}
