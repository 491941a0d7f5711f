import IndexHarness
import Ledger
import Primitives
import TestHarness
import Testing

@testable import QueryIndex

@Testing.Suite("What holds give back, in the index")
struct HoldReturnTests {
  private let directory: TemporaryDirectory
  private static let start = IndexSamples.time

  init() throws { directory = try TemporaryDirectory() }

  private func open(_ name: String = "index", volumeRows: UInt64 = 1 << 17) throws -> QueryIndex {
    try QueryIndex(path: directory.file("\(name).sqlite"), chain: IndexSamples.chain, volumeRows: volumeRows)
  }

  private static let terms = (
    asset: IndexSamples.name("eur"), from: IndexSamples.account("bank-a"), to: IndexSamples.account("bank-b")
  )

  private static func place(_ reference: String, _ amount: UInt128, in seconds: UInt64 = 1000) -> Ledger.Operation {
    .holdPlace(
      asset: terms.asset, from: terms.from, to: terms.to, amount: Amount(amount),
      reference: Samples.holdReference(reference), expires: start.advanced(byMilliseconds: seconds * 1000))
  }

  private static func capture(_ reference: String, _ amount: UInt128, closes: Bool) -> Ledger.Operation {
    .holdCapture(
      asset: terms.asset, from: terms.from, to: terms.to, reference: Samples.holdReference(reference),
      amount: Amount(amount), closes: closes)
  }

  private static func release(_ reference: String) -> Ledger.Operation {
    .holdRelease(asset: terms.asset, from: terms.from, to: terms.to, reference: Samples.holdReference(reference))
  }

  private static func time(_ seconds: UInt64) -> Timestamp { start.advanced(byMilliseconds: seconds * 1000) }

  /// A chain in which holds end in every way.
  private func story() throws -> IndexSamples {
    var samples = IndexSamples()
    try samples.append(
      [
        [Self.place("a", 100), Self.place("b", 50), Self.place("late", 7, in: 20), Self.place("first", 8, in: 10)],
        [Self.place("failed", 9)],
      ], outcomes: [1: IndexSamples.failed])
    try samples.append([[Self.capture("a", 30, closes: false)], [IndexSamples.transfer("bank-a", "bank-b")]])
    try samples.append([[IndexSamples.transfer("bank-a", "bank-b"), Self.capture("a", 20, closes: true)]])
    try samples.append([[Self.release("b"), Self.place("b", 3, in: 10), Self.capture("b", 3, closes: true)]])
    try samples.append([], at: Self.time(9))
    try samples.append([[Self.place("soon", 6, in: 21)]], at: Self.time(20))
    try samples.append([], at: Self.time(30))
    return samples
  }

  private struct Found: Equatable {
    var returns: [IndexedPlace: [Int: Amount]] = [:]
    var expiries: [IndexedExpiry] = []
  }

  private func found(_ index: QueryIndex, pages size: Int = 100) throws -> Found {
    var found = Found()
    let account = Self.terms.from
    for place in try index.activity(of: account, from: IndexSamples.place(1), through: Height(9), limit: 100) {
      let returns = try index.returns(to: account, by: place)
      if !returns.isEmpty { found.returns[place] = returns }
    }
    while true {
      let last = found.expiries.last?.place
      let page = try index.expiries(
        of: account, after: last?.height ?? .genesis, last?.number ?? 0, through: Height(9), limit: size)
      if page.isEmpty { return found }
      found.expiries += page
    }
  }

  @Test("Releases, closing captures and expiries give back what was left, in the chain's order")
  func everyWay() throws {
    let index = try open()
    try index.add(try story().blocks)
    let found = try found(index)
    #expect(
      found.returns == [
        IndexSamples.place(3): [1: Amount(50)], IndexSamples.place(4): [0: Amount(50)],
      ])
    #expect(found.expiries.map { "\($0.reference)" } == ["first", "late", "soon"])
    #expect(found.expiries.map(\.amount) == [Amount(8), Amount(7), Amount(6)])
    #expect(found.expiries.map(\.place.number) == [0, 1, 0])
    #expect(found.expiries.map(\.place.height) == [Height(6), Height(6), Height(7)])
    #expect(try index.returns(to: Self.terms.to, by: IndexSamples.place(4)).isEmpty)
  }

  @Test("Followed block by block, read again at once, in small volumes and in small pages: the rows are the same")
  func rebuilt() throws {
    let blocks = try story().blocks
    let whole = try open()
    try whole.add(blocks)
    let live = try open("live", volumeRows: 2)
    for block in blocks { try live.add([block]) }
    #expect(try found(live) == found(whole))
    #expect(try found(live, pages: 1) == found(whole))
    try live.reset()
    try live.add(blocks)
    #expect(try found(live) == found(whole))
    #expect(try open("live").holdsFrom == .genesis)
  }

  @Test("An account's transactions are listed from a place on, through a height, in the chain's order")
  func ascending() throws {
    var samples = IndexSamples()
    for _ in 0..<12 {
      try samples.append([[IndexSamples.transfer("a", "b")], [IndexSamples.transfer("c", "a")]])
    }
    let index = try open(volumeRows: 5)
    for block in samples.blocks { try index.add([block]) }
    let account = IndexSamples.account("a")
    let all = try index.activity(of: account, limit: 100)
    #expect(
      try index.activity(of: account, from: IndexSamples.place(0), through: Height(.max), limit: 100) == all.reversed())
    #expect(
      try index.activity(of: account, from: IndexSamples.place(3, 1), through: Height(4), limit: 100)
        == [IndexSamples.place(3, 1), IndexSamples.place(4), IndexSamples.place(4, 1)])
    #expect(
      try index.activity(of: account, from: IndexSamples.place(3, 1), through: Height(4), limit: 1)
        == [IndexSamples.place(3, 1)])
  }

  @Test("After a jump the open holds are unknown until they are given, and then count from that height")
  func jump() throws {
    let blocks = try story().blocks
    let index = try open()
    try index.add(Array(blocks[..<1]))
    try index.jump(to: Height(3), digest: blocks[2].block.digest)
    #expect(index.holdsFrom == nil)
    try index.add([blocks[3]])
    #expect(try found(index) == Found())
    let open = [("late", 7, 20), ("first", 8, 10)].map { reference, amount, seconds in
      Hold(
        from: Self.terms.from, reference: Samples.holdReference(reference), to: Self.terms.to, asset: Self.terms.asset,
        amount: Amount(UInt128(amount)), expires: Self.time(UInt64(seconds)), arbiter: nil,
        placed: HoldNumber(height: Height(1), operation: 2))
    }
    try index.begin(with: open, at: Height(4)) { _ in [] }
    #expect(index.holdsFrom == Height(4))
    try index.add(Array(blocks[4...]))
    #expect(try found(index).expiries.map { "\($0.reference)" } == ["first", "late", "soon"])
  }

  @Test("What blocks that are indexed already did to the open holds is made up for, all or nothing")
  func passed() throws {
    let blocks = try story().blocks
    let live = try open("live")
    try live.add(blocks)
    let index = try open()
    try index.jump(to: Height(3), digest: blocks[2].block.digest)
    try index.add(Array(blocks[3...]))
    let open = [("late", 7, 20), ("first", 8, 10)].map { reference, amount, seconds in
      Hold(
        from: Self.terms.from, reference: Samples.holdReference(reference), to: Self.terms.to, asset: Self.terms.asset,
        amount: Amount(UInt128(amount)), expires: Self.time(UInt64(seconds)), arbiter: nil,
        placed: HoldNumber(height: Height(1), operation: 2))
    }
    #expect(throws: QueryIndexError.self) { try index.begin(with: open, at: Height(4)) { _ in [] } }
    #expect(index.holdsFrom == nil)
    #expect(try found(index) == Found())
    try index.begin(with: open, at: Height(4)) { reached in [blocks[Int(reached.rawValue)]] }
    #expect(index.holdsFrom == Height(4))
    #expect(try found(index).expiries.map { "\($0.reference)" } == ["first", "late", "soon"])
    #expect(index.height == live.height)
  }

  @Test("A hold that ends without having been open shows that the index is damaged")
  func unknownHold() throws {
    var samples = IndexSamples()
    try samples.append([[Self.release("never")]])
    let index = try open()
    let blocks = samples.blocks
    let error = #expect(throws: QueryIndexError.self) { try index.add(blocks) }
    #expect(error?.code == "index.damaged")
    #expect(index.height == .genesis)
  }
}
