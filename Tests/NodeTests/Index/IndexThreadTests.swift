import Foundation
import IndexHarness
import Ledger
import NodeCore
import Primitives
import QueryIndex
import Synchronization
import TestHarness
import Testing

@testable import Node

@Testing.Suite("The index's thread")
struct IndexThreadTests {
  /// A chain that grows, and fails on request.
  private final class Chain: Sendable {
    struct Broken: ExplainedError {
      var code: String { "test.broken" }
      var explanation: String { "broken for the test" }
      var nextStep: String { "repair it" }
    }

    private let state: Mutex<(blocks: [IndexedBlock], brokenAt: Height?)>
    private let notices = Mutex<[String]>([])

    init(_ blocks: [IndexedBlock]) { state = Mutex((blocks, nil)) }

    func fail(at height: Height?) { state.withLock { $0.brokenAt = height } }

    func read(_ height: Height) throws -> IndexedBlock? {
      try state.withLock { state in
        if height == state.brokenAt { throw Broken() }
        guard height > .genesis, height.rawValue <= state.blocks.count else { return nil }
        return state.blocks[Int(height.rawValue) - 1]
      }
    }

    func note(_ notice: IndexThread.Notice) {
      notices.withLock { notices in
        switch notice {
        case .startedAgain: notices.append("started again")
        case .jumped(let from, let to): notices.append("jumped from \(from) to \(to)")
        case .holdsUnknown: notices.append("holds unknown")
        case .stopped(let error): notices.append(error.code)
        }
      }
    }

    var noted: [String] { notices.withLock { $0 } }
  }

  private let directory: TemporaryDirectory
  private let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.file("index.sqlite")
  }

  private func open() throws -> QueryIndex { try QueryIndex(path: path, chain: IndexSamples.chain) }

  private func start(_ index: QueryIndex, _ chain: Chain) -> IndexThread {
    IndexThread(index: index, source: { try chain.read($0) }, notice: { chain.note($0) })
  }

  private func wait(_ condition: () -> Bool) throws {
    for _ in 0..<120_000 {
      if condition() { return }
      Thread.sleep(forTimeInterval: 0.005)
    }
    Issue.record("waited ten minutes in vain")
  }

  @Test("It indexes up to the height that it is given, and continues when the height rises")
  func follows() throws {
    let samples = try IndexSamples.transfers(blocks: 600)
    let index = try open()
    let chain = Chain(samples.blocks)
    let thread = start(index, chain)
    for height in [3, 3, 1, 300, 599, 600] as [UInt64] { thread.follow(Height(height)) }
    try wait { index.height == Height(600) }
    // The chain ends below this height, so the index waits for the rest.
    thread.follow(Height(700))
    thread.stop()
    #expect(index.height == Height(600))
    #expect(index.digest == samples.blocks[599].block.digest)
    #expect(try index.activity(of: IndexSamples.account("bank-b"), limit: 1000).count == 600)
    #expect(thread.failure == nil)
    #expect(chain.noted.isEmpty)
  }

  @Test("Blocks that are handed over are not read back; those in a gap are")
  func handedOver() throws {
    let samples = try IndexSamples.transfers(blocks: 30)
    let index = try open()
    let chain = Chain(samples.blocks)
    let thread = start(index, chain)
    thread.follow(Height(10))
    try wait { index.height == Height(10) }
    // Reading the handed-over blocks back would fail and end the thread.
    chain.fail(at: Height(15))
    thread.follow(Array(samples.blocks[12..<17]))
    thread.follow(Array(samples.blocks[17..<20]))
    try wait { index.height == Height(20) }
    // After a second hand-over that follows a gap, only the blocks after the gap are in memory.
    thread.follow(Array(samples.blocks[20..<22]))
    thread.follow(Array(samples.blocks[24..<30]))
    try wait { index.height == Height(30) }
    thread.stop()
    #expect(index.counts.transactions == 30)
    #expect(thread.failure == nil)
  }

  #if os(Linux)
    @Test("When it is far behind and must read blocks back, it runs with normal priority")
    func share() throws {
      let samples = try IndexSamples.transfers(blocks: 30)
      let index = try open()
      let chain = Chain(samples.blocks)
      let seen = Mutex<[Int32]>([])
      let thread = IndexThread(index: index) { height in
        seen.withLock { $0.append(WorkerThreadTests.niceness) }
        return try chain.read(height)
      } notice: {
        chain.note($0)
      }
      thread.follow(Height(30))
      try wait { index.height == Height(30) }
      thread.stop()
      #expect(Set(seen.withLock { $0 }) == [WorkerThreadTests.niceness])
    }
  #endif

  @Test("D4: an index behind the chain catches up from where it is")
  func behind() throws {
    let samples = try IndexSamples.transfers(blocks: 20)
    try open().add(Array(samples.blocks[0..<7]))
    let index = try open()
    let chain = Chain(samples.blocks)
    let thread = start(index, chain)
    thread.follow(Height(20))
    try wait { index.height == Height(20) }
    thread.stop()
    #expect(index.counts.transactions == 20)
    #expect(chain.noted.isEmpty)
  }

  @Test("D4: an index ahead of the chain starts again")
  func ahead() throws {
    let samples = try IndexSamples.transfers(blocks: 20)
    try open().add(samples.blocks)
    let index = try open()
    let chain = Chain(Array(samples.blocks[0..<12]))
    let thread = start(index, chain)
    thread.follow(Height(12))
    try wait { index.height == Height(12) }
    thread.stop()
    #expect(index.digest == samples.blocks[11].block.digest)
    #expect(try index.transaction(samples.id(13)) == nil)
    #expect(chain.noted == ["started again"])
  }

  @Test("D4: an index with other blocks than the chain's starts again")
  func otherBlocks() throws {
    try open().add(try IndexSamples.transfers(blocks: 5, firstNonce: 100).blocks)
    let samples = try IndexSamples.transfers(blocks: 8)
    let index = try open()
    let chain = Chain(samples.blocks)
    let thread = start(index, chain)
    thread.follow(Height(8))
    try wait { index.height == Height(8) }
    thread.stop()
    #expect(index.counts.transactions == 8)
    #expect(try index.transaction(samples.id(1))?.place == IndexSamples.place(1))
    #expect(chain.noted == ["started again"])
  }

  private static func hold(_ reference: String) -> Hold {
    Hold(
      from: IndexSamples.account("bank-a"), reference: Samples.holdReference(reference),
      to: IndexSamples.account("bank-b"), asset: IndexSamples.name("eur"), amount: Amount(5),
      expires: IndexSamples.time,
      arbiter: nil, placed: HoldNumber(height: Height(1), operation: 0))
  }

  @Test(
    "Above a gap, the open holds come from the newest snapshot that was reached, and what they give back counts from there"
  )
  func holdsFromSnapshot() throws {
    let samples = try IndexSamples.transfers(blocks: 20)
    let index = try open()
    let chain = Chain(samples.blocks)
    let holds = SnapshotHolds(
      heights: { [Height(3), Height(12), Height(40)] },
      read: { (height) throws(SnapshotFault) in
        guard height == Height(12) else { throw SnapshotFault.otherHeight(file: "s", height: height) }
        return [Self.hold("one"), Self.hold("other")]
      })
    let thread = IndexThread(
      index: index, source: { try chain.read($0) }, base: { Height(7) }, holds: holds, notice: { chain.note($0) })
    thread.follow(Height(20))
    try wait { index.height == Height(20) && index.holdsFrom != nil }
    thread.stop()
    #expect(chain.noted == ["jumped from 0 to 7"])
    #expect(index.holdsFrom == Height(12) && index.counts.transactions == 13)
    let expired = try index.expiries(
      of: IndexSamples.account("bank-a"), after: .genesis, 0, through: Height(20), limit: 10)
    #expect(expired.map(\.place.height) == [Height(13), Height(13)])
    #expect(try open().holdsFrom == Height(12))
  }

  @Test(
    "A snapshot that cannot be read is said, and tried once; the open holds come from the next one, however late that is there"
  )
  func holdsUnknown() throws {
    let samples = try IndexSamples.transfers(blocks: 20)
    let index = try open()
    let chain = Chain(samples.blocks)
    let made = Mutex<[Height]>([Height(12)])
    let tried = Mutex<[Height]>([])
    let holds = SnapshotHolds(
      heights: { made.withLock { $0 } },
      read: { (height) throws(SnapshotFault) in
        tried.withLock { $0.append(height) }
        guard height > Height(12) else { throw SnapshotFault.otherHeight(file: "s", height: height) }
        return []
      })
    let thread = IndexThread(
      index: index, source: { try chain.read($0) }, base: { Height(7) }, holds: holds, notice: { chain.note($0) })
    thread.follow(Height(18))
    try wait { index.height == Height(18) && tried.withLock { $0 } == [Height(12)] }
    // One that is complete only when the index is far above it.
    made.withLock { $0.append(Height(14)) }
    thread.follow(Height(20))
    try wait { index.height == Height(20) && index.holdsFrom != nil }
    thread.stop()
    #expect(index.holdsFrom == Height(14) && index.counts.transactions == 13)
    #expect(tried.withLock { $0 } == [Height(12), Height(14)])
    #expect(chain.noted == ["jumped from 0 to 7", "holds unknown"])
  }

  @Test("A block that cannot be read stops the index with the reason, and nothing else")
  func unreadable() throws {
    let samples = try IndexSamples.transfers(blocks: 9)
    let index = try open()
    let chain = Chain(samples.blocks)
    chain.fail(at: Height(5))
    let thread = start(index, chain)
    thread.follow(Height(9))
    try wait { thread.failure != nil }
    #expect(
      thread.failure
        == .chainUnreadable(height: Height(5), explanation: "broken for the test", nextStep: "repair it"))
    #expect(chain.noted == ["index.chain-unreadable"])
    thread.follow(Height(9))
    thread.stop()
    #expect(index.height < Height(5))
    // The next start continues.
    chain.fail(at: nil)
    let again = try open()
    let second = start(again, chain)
    second.follow(Height(9))
    try wait { again.height == Height(9) }
    second.stop()
  }

  @Test("It stops immediately, however far behind it is")
  func stops() throws {
    let samples = try IndexSamples.transfers(blocks: 3)
    let index = try open()
    let reads = Mutex(0)
    let thread = IndexThread(
      index: index,
      source: { height in
        reads.withLock { $0 += 1 }
        Thread.sleep(forTimeInterval: 0.002)
        return samples.blocks[Int(height.rawValue - 1) % 3]
      }, notice: { _ in })
    thread.follow(Height(.max))
    let before = reads.withLock { $0 }
    thread.stop()
    // There are 2^64 blocks to read; a busy machine may take long to get from one line of this test to the next.
    #expect(reads.withLock { $0 } - before < 10_000)
  }
}
