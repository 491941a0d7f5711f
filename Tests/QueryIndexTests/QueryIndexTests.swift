import IndexHarness
import Ledger
import Primitives
import TestHarness
import Testing

@testable import QueryIndex

@Testing.Suite("The query index")
struct QueryIndexTests {
  private let directory: TemporaryDirectory
  private let index: QueryIndex

  init() throws {
    directory = try TemporaryDirectory()
    index = try QueryIndex(path: directory.file("index.sqlite"), chain: IndexSamples.chain)
  }

  @Test("A new index is empty")
  func empty() throws {
    #expect(index.opening == .created)
    #expect(index.height == .genesis)
    #expect(index.digest == nil)
    #expect(index.counts == IndexCounts())
    #expect(try index.transaction(Digest(1, 1, 1, 1)) == nil)
    #expect(try index.activity(of: IndexSamples.account("bank-a"), limit: 10).isEmpty)
    try index.add([])
    #expect(index.height == .genesis)
  }

  @Test("A transaction is found by its id, with its place and outcome, even if it failed")
  func transactions() throws {
    var samples = IndexSamples()
    let failed = TransactionOutcome(code: .accountFrozen, operation: 7)
    try samples.append([[IndexSamples.transfer("a", "b")], [IndexSamples.transfer("b", "a")]], outcomes: [1: failed])
    try samples.append([])
    try samples.append([[IndexSamples.transfer("a", "c")]])
    try index.add(samples.blocks)
    #expect(index.height == Height(3))
    #expect(index.digest == samples.blocks[2].block.digest)
    #expect(index.counts == IndexCounts(transactions: 3, failed: 1, activities: 6, recordVersions: 0))
    #expect(
      try index.transaction(samples.id(1)) == IndexedTransaction(place: IndexSamples.place(1), outcome: .applied))
    #expect(
      try index.transaction(samples.id(1, 1))
        == IndexedTransaction(place: IndexSamples.place(1, 1), outcome: failed))
    #expect(
      try index.transaction(samples.id(3)) == IndexedTransaction(place: IndexSamples.place(3), outcome: .applied))
    #expect(try index.transaction(Digest(1, 1, 1, 1)) == nil)
  }

  @Test(
    "The transactions that place, capture and release a hold are in the histories of payer and payee, and no others")
  func holds() throws {
    let (from, to) = (IndexSamples.account("bank-a/main"), IndexSamples.account("bank-b/customers/17"))
    let operations = Samples.holdOperations().filter { $0.touched.names(from) }
    #expect(Set(operations.map(\.kind)) == [.holdPlace, .holdCapture, .holdRelease])
    var samples = IndexSamples()
    for operation in operations {
      // The capture has ended the hold.
      let outcome = TransactionOutcome(code: operation.kind == .holdRelease ? .holdUnknown : .applied, operation: 0)
      try samples.append([[operation]], outcomes: [0: outcome])
    }
    try index.add(samples.blocks)
    for account in [from, to] {
      let heights = try index.activity(of: account, limit: 10).map(\.height.rawValue)
      #expect(heights == (1...UInt64(operations.count)).reversed())
    }
    #expect(try index.activity(of: IndexSamples.account("bank-c"), limit: 10).isEmpty)
  }

  @Test("Every account that an operation names has the transaction in its history, once")
  func accountsTouched() throws {
    let account = IndexSamples.account
    let name = IndexSamples.name
    let authority = MemberAuthority(
      roles: [], keys: [PublicKey(prefix: 2, body: Digest(1, 0, 0, 0))], threshold: 1)
    var samples = IndexSamples()
    try samples.append([
      [.memberAdd(name: name("bank-c"), description: "", authority: authority)],
      [.accountOpen(account: account("bank-c/x"), description: "")],
      [.accountFreeze(account: account("bank-c/x"))],
      [.accountUnfreeze(account: account("bank-c/x"))],
      [.assetIssue(asset: name("eur"), to: account("bank-c/y"), amount: Amount(1))],
      [.assetRetire(asset: name("eur"), from: account("bank-c/y"), amount: Amount(1))],
      [IndexSamples.transfer("bank-c/x", "bank-c/y"), IndexSamples.transfer("bank-c/y", "bank-c/x")],
      [.memberSuspend(name: name("bank-c"), reason: ""), .memberRestore(name: name("bank-c"))],
    ])
    try index.add(samples.blocks)
    func history(_ text: String) throws -> [Int] { try index.activity(of: account(text), limit: 100).map(\.index) }
    #expect(try history("bank-c") == [0])
    #expect(try history("bank-c/x") == [6, 3, 2, 1])
    #expect(try history("bank-c/y") == [6, 5, 4])
    #expect(try history("bank-c/z").isEmpty)
    #expect(index.counts.activities == 8)
  }

  @Test("A failed transaction is in the history of its accounts, but anchors nothing")
  func failedOutcomes() throws {
    var samples = IndexSamples()
    try samples.append(
      [
        [IndexSamples.transfer("a", "b"), IndexSamples.anchor("invoices", "1")], [IndexSamples.anchor("invoices", "1")],
      ],
      outcomes: [0: IndexSamples.failed])
    try index.add(samples.blocks)
    #expect(try index.activity(of: IndexSamples.account("a"), limit: 10) == [IndexSamples.place(1, 0)])
    #expect(
      try index.recordVersions(IndexSamples.collection("invoices"), "1", limit: 10)
        == [IndexedRecordVersion(version: 1, place: IndexSamples.place(1, 1), operation: 0)])
  }

  @Test("Versions of a record count from 1 in the order of the chain, across batches and within a transaction")
  func recordVersions() throws {
    var samples = IndexSamples()
    let anchor = IndexSamples.anchor("invoices/2031", "INV 17/b")
    try samples.append([[anchor], [IndexSamples.transfer("a", "b"), anchor, anchor]])
    try samples.append([[IndexSamples.anchor("invoices/2031", "INV 17/B")], [anchor]])
    for block in samples.blocks { try index.add([block]) }
    let collection = IndexSamples.collection("invoices/2031")
    let versions = [
      IndexedRecordVersion(version: 4, place: IndexSamples.place(2, 1), operation: 0),
      IndexedRecordVersion(version: 3, place: IndexSamples.place(1, 1), operation: 2),
      IndexedRecordVersion(version: 2, place: IndexSamples.place(1, 1), operation: 1),
      IndexedRecordVersion(version: 1, place: IndexSamples.place(1, 0), operation: 0),
    ]
    #expect(try index.recordVersions(collection, "INV 17/b", limit: 10) == versions)
    #expect(try index.recordVersions(collection, "INV 17/b", before: 4, limit: 2) == Array(versions[1...2]))
    #expect(try index.recordVersions(collection, "INV 17/b", before: 1, limit: 2).isEmpty)
    #expect(try index.recordVersions(collection, "INV 17/b", before: .max, limit: 1) == [versions[0]])
    #expect(try index.recordVersions(collection, "INV 17/B", limit: 10).map(\.version) == [1])
    #expect(try index.recordVersions(collection, "INV 17/b\0x", limit: 10).isEmpty)
    #expect(try index.recordVersions(IndexSamples.collection("invoices"), "INV 17/b", limit: 10).isEmpty)
    #expect(index.counts.recordVersions == 5)
  }

  /// The history of account "a", queried page by page.
  private func history(_ index: QueryIndex, pages size: Int) throws -> [IndexedPlace] {
    var places: [IndexedPlace] = []
    while true {
      let page = try index.activity(of: IndexSamples.account("a"), before: places.last, limit: size)
      if page.isEmpty { return places }
      places += page
    }
  }

  @Test("A history is read in pages, newest first, without gaps or repeats")
  func paging() throws {
    var samples = IndexSamples()
    for height in 1...20 {
      try samples.append((0..<(height % 4)).map { _ in [IndexSamples.transfer("a", "b")] })
    }
    try index.add(samples.blocks)
    let all = try index.activity(of: IndexSamples.account("a"), limit: 1000)
    #expect(all.count == 30)
    #expect(all == all.sorted().reversed())
    for size in [1, 7, 30] {
      #expect(try history(index, pages: size) == all)
    }
  }

  @Test("Look-ups find entries in older volumes, even after a restart")
  func volumes() throws {
    var samples = IndexSamples()
    for height in 1...40 {
      try samples.append([[IndexSamples.transfer("a", height == 3 ? "rare" : "b")], [IndexSamples.transfer("b", "c")]])
    }
    let path = directory.file("volumes.sqlite")
    do {
      let index = try QueryIndex(path: path, chain: IndexSamples.chain, volumeRows: 20)
      for block in samples.blocks[..<25] { try index.add([block]) }
    }
    let index = try QueryIndex(path: path, chain: IndexSamples.chain, volumeRows: 20)
    #expect(index.opening == .existing)
    try index.add(Array(samples.blocks[25...]))
    for height in 1...40 {
      let found = try index.transaction(samples.id(height, 1))
      #expect(found?.place == IndexSamples.place(UInt64(height), 1))
    }
    #expect(try index.transaction(Digest(1, 1, 1, 1)) == nil)
    let places = (1...40).reversed().map { IndexSamples.place(UInt64($0), 0) }
    for size in [1, 7, 40, 100] {
      #expect(try history(index, pages: size) == places)
    }
    #expect(try index.activity(of: IndexSamples.account("rare"), limit: 5) == [IndexSamples.place(3, 0)])
  }

  @Test("A volume ends when it is full, and volumes grow with their number")
  func volumeSizes() {
    var volume = IndexVolume()
    var counts = IndexCounts()
    func add(_ rows: UInt64) {
      counts.activities += rows
      volume.add(rows: Int(rows), all: counts, least: 10)
    }
    add(9)
    #expect(volume == IndexVolume(number: 0, rows: 9))
    add(1)
    #expect(volume == IndexVolume(number: 1))
    counts.transactions = 256 * 30 - 10
    add(29)
    #expect(volume == IndexVolume(number: 1, rows: 29))
    add(1)
    #expect(volume == IndexVolume(number: 2))
  }

  @Test("Any page that a client requests is answered")
  func strangePages() throws {
    let samples = try IndexSamples.transfers(blocks: 3)
    try index.add(samples.blocks)
    let account = IndexSamples.account("bank-a")
    #expect(try index.activity(of: account, limit: 0).isEmpty)
    #expect(try index.activity(of: account, limit: -1).isEmpty)
    #expect(try index.activity(of: account, limit: .max).count == 3)
    let places = [
      IndexedPlace(height: Height(.max), index: .max), IndexedPlace(height: IndexedPlace.lastHeight, index: .max),
      IndexedPlace(height: Height(3), index: .max), IndexedPlace(height: Height(4), index: .min),
    ]
    for place in places { #expect(try index.activity(of: account, before: place, limit: 9).count == 3) }
    #expect(try index.activity(of: account, before: IndexSamples.place(0, 0), limit: 9).isEmpty)
  }

  @Test("Places encoded as numbers keep their order", arguments: [0, 1, 65_535] as [UInt64])
  func positions(height: UInt64) {
    for index in [0, 1, Limits.blockTransactions - 1, 65_535] {
      let place = IndexSamples.place(height, index)
      #expect(IndexedPlace(position: place.position) == place)
      #expect(place.position < IndexSamples.place(height + 1, 0).position)
    }
    let last = IndexedPlace(height: IndexedPlace.lastHeight, index: 65_535)
    #expect(last.position == .max)
    #expect(IndexedPlace(position: .max) == last)
  }

  @Test("A repeated block, a gap, a foreign block or missing outcomes are refused, and nothing of the batch is kept")
  func refusals() throws {
    let samples = try IndexSamples.transfers(blocks: 5)
    try index.add(Array(samples.blocks[0...1]))
    #expect(throws: QueryIndexError.notNext(expected: Height(3), offered: Height(2))) {
      try index.add([samples.blocks[1]])
    }
    #expect(throws: QueryIndexError.notNext(expected: Height(3), offered: Height(4))) {
      try index.add([samples.blocks[3]])
    }
    #expect(throws: QueryIndexError.notNext(expected: Height(4), offered: Height(3))) {
      try index.add([samples.blocks[2], samples.blocks[2]])
    }
    let other = try IndexSamples.transfers(blocks: 3, firstNonce: 100)
    #expect(
      throws: QueryIndexError.otherParent(
        height: Height(3), indexed: samples.blocks[1].block.digest, parent: other.blocks[1].block.digest)
    ) {
      try index.add([other.blocks[2]])
    }
    var short = samples.blocks[3]
    short.outcomes = []
    #expect(throws: QueryIndexError.outcomesMissing(height: Height(4), transactions: 1, outcomes: 0)) {
      try index.add([samples.blocks[2], short])
    }
    #expect(index.height == Height(2))
    #expect(try index.transaction(samples.id(3)) == nil)
    try index.add(Array(samples.blocks[2...4]))
    #expect(index.counts.transactions == 5)
  }

  @Test("An id that the chain already has is refused by the database, with its whole batch")
  func duplicateIdentity() throws {
    var samples = try IndexSamples.transfers(blocks: 1)
    try samples.append([[IndexSamples.transfer("x", "y")]])
    try index.add(samples.blocks)
    samples.append(transactionsOf: samples.blocks[0])
    let error = try #require(throws: QueryIndexError.self) { try index.add([samples.blocks[2]]) }
    #expect(error.code == "index.failed")
    #expect(index.height == Height(2))
    #expect(try index.transaction(samples.id(1))?.place == IndexSamples.place(1))
  }

  @Test("A batch of many blocks and operations is complete")
  func bigBatch() throws {
    var samples = IndexSamples()
    let wide = (0..<500).map { IndexSamples.transfer("a/\($0)", "b/\($0 % 7)") }
    for _ in 0..<40 {
      try samples.append([wide, [IndexSamples.transfer("a/1", "b/1")], [IndexSamples.anchor("c", "k")]])
    }
    try index.add(samples.blocks)
    #expect(index.counts == IndexCounts(transactions: 120, failed: 0, activities: 40 * 509, recordVersions: 40))
    #expect(try index.activity(of: IndexSamples.account("a/499"), limit: 1000).count == 40)
    #expect(try index.activity(of: IndexSamples.account("b/1"), limit: 1000).count == 80)
    #expect(
      try index.recordVersions(IndexSamples.collection("c"), "k", limit: 1000).map(\.version)
        == (1...40).reversed().map { UInt64($0) })
    for height in 1...40 {
      #expect(try index.transaction(samples.id(height, 0))?.place.height.rawValue == UInt64(height))
    }
  }

  @Test("After a reset, it takes the blocks from the first one again")
  func reset() throws {
    let samples = try IndexSamples.transfers(blocks: 3)
    try index.add(samples.blocks)
    try index.reset()
    #expect(index.height == .genesis)
    #expect(index.counts == IndexCounts())
    #expect(try index.transaction(samples.id(1)) == nil)
    let other = try IndexSamples.transfers(blocks: 2, firstNonce: 100)
    try index.add(other.blocks)
    #expect(try index.transaction(other.id(2))?.place == IndexSamples.place(2))
  }
}
