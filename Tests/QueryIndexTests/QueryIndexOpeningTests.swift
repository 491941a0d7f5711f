import Foundation
import IndexHarness
import Ledger
import Primitives
import TestHarness
import Testing

@testable import QueryIndex

@Testing.Suite("Opening the query index")
struct QueryIndexOpeningTests {
  private let directory: TemporaryDirectory
  private let path: String
  private let samples: IndexSamples

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.file("index.sqlite")
    samples = try IndexSamples.transfers(blocks: 4)
  }

  private func open(_ chain: ChainContext = IndexSamples.chain) throws -> QueryIndex {
    try QueryIndex(path: path, chain: chain)
  }

  /// Creates an index of all `blocks` and closes it, so that every page is in the database file itself.
  private func fill(_ blocks: [IndexedBlock]) throws {
    let index = try open()
    try index.add(blocks)
  }

  private func fill() throws { try fill(samples.blocks) }

  private func expectRebuilt(_ index: QueryIndex) throws {
    guard case .rebuilt = index.opening else {
      Issue.record("\(index.opening)")
      return
    }
    #expect(index.height == .genesis)
    try index.add(samples.blocks)
    #expect(try index.transaction(samples.id(4))?.place == IndexSamples.place(4))
    #expect(try open().opening == .existing)
  }

  @Test("After closing and reopening, it continues where it was")
  func reopen() throws {
    let first = try open()
    try first.add(Array(samples.blocks[0...1]))
    let second = try open()
    #expect(second.opening == .existing)
    #expect(second.height == Height(2))
    #expect(second.digest == samples.blocks[1].block.digest)
    #expect(second.counts == first.counts)
    try second.add(Array(samples.blocks[2...3]))
    #expect(try second.transaction(samples.id(1))?.place == IndexSamples.place(1))
  }

  @Test("After a crash it contains whole batches: copies of the files at any moment open, in order")
  func crash() throws {
    let index = try open()
    for block in samples.blocks {
      try index.add([block])
      // Copies what a process that died now would leave behind: the files, with the write-ahead log not yet
      // checkpointed.
      let copy = try TemporaryDirectory()
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(atPath: path + suffix, toPath: copy.file("index.sqlite\(suffix)"))
      }
      let left = try QueryIndex(path: copy.file("index.sqlite"), chain: IndexSamples.chain)
      #expect(left.opening == .existing)
      #expect(left.height == block.block.height)
      #expect(left.digest == block.block.digest)
    }
  }

  @Test("A write-ahead log cut at any byte leaves an earlier height, never half a batch")
  func tornLog() throws {
    let index = try open()
    for block in samples.blocks { try index.add([block]) }
    let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
    var heights: Set<Height> = []
    for cut in stride(from: 0, through: log.count, by: 1011) {
      let copy = try TemporaryDirectory()
      try FileManager.default.copyItem(atPath: path, toPath: copy.file("index.sqlite"))
      try log.prefix(cut).write(to: URL(fileURLWithPath: copy.file("index.sqlite-wal")))
      let left = try QueryIndex(path: copy.file("index.sqlite"), chain: IndexSamples.chain)
      #expect(left.opening == .existing)
      heights.insert(left.height)
      let height = Int(left.height.rawValue)
      #expect(left.counts.transactions == UInt64(height))
      for known in samples.blocks.indices {
        #expect(try left.transaction(samples.id(known + 1)) != nil || known >= height)
      }
      try left.add(Array(samples.blocks[height...]))
    }
    #expect(heights.count > 1)
  }

  @Test("The index of another chain is replaced")
  func otherChain() throws {
    try fill()
    let other = ChainContext(suite: .p256SHA256, genesis: Digest(7, 7, 7, 7))
    let index = try open(other)
    #expect(index.opening == .rebuilt(reason: "it belongs to another chain"))
    #expect(index.height == .genesis)
    #expect(try index.transaction(samples.id(1)) == nil)
    #expect(!FileManager.default.fileExists(atPath: path + ".set-aside"))
  }

  @Test("D6: the index of another version is replaced")
  func otherVersion() throws {
    try fill()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    // https://www.sqlite.org/fileformat.html, section 1.3: the user version is at offset 60.
    bytes[63] = 200
    try bytes.write(to: URL(fileURLWithPath: path))
    let index = try open()
    #expect(index.opening == .rebuilt(reason: "it has the format 200; this program writes 3"))
    try expectRebuilt(index)
  }

  @Test("D4: a damaged index is replaced", arguments: ["cut", "pages", "schema"])
  func damaged(how: String) throws {
    try fill()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    switch how {
    case "cut": bytes = bytes.prefix(5000)
    case "pages": bytes.replaceSubrange(4096..., with: Data(repeating: 0xA5, count: bytes.count - 4096))
    default: bytes.replaceSubrange(100..<4096, with: Data(repeating: 0xA5, count: 3996))
    }
    try bytes.write(to: URL(fileURLWithPath: path))
    try expectRebuilt(try open())
    #expect(!FileManager.default.fileExists(atPath: path + ".set-aside"))
  }

  @Test("D4: damage found by a look-up ends writing, and the next start replaces the index")
  func damagedLater() throws {
    var large = IndexSamples()
    for _ in 0..<30 {
      try large.append((0..<50).map { [IndexSamples.transfer("a/\($0)", "b/\($0)")] })
    }
    try fill(large.blocks)
    // The first pages stay intact, so opening the index does not reveal the damage.
    let reopened = try rewrite { bytes in
      bytes.replaceSubrange((5 * 4096)..., with: Data(repeating: 0xA5, count: bytes.count - 5 * 4096))
    }
    var errors: [String] = []
    for number in 0..<50 {
      do {
        _ = try reopened.activity(of: IndexSamples.account("a/\(number)"), limit: 100)
        _ = try reopened.transaction(large.id(1, number))
      } catch {
        errors.append(error.code)
      }
    }
    #expect(errors.contains("index.damaged"))
    let next = try IndexSamples.transfers(blocks: 31)
    let error = try #require(throws: QueryIndexError.self) { try reopened.add([next.blocks[30]]) }
    #expect(error.code == "index.damaged" || error.code == "index.other-parent")
    try expectRebuilt(try open())
  }

  private func rewrite(_ change: (inout Data) -> Void) throws -> QueryIndex {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    change(&bytes)
    try bytes.write(to: URL(fileURLWithPath: path))
    return try open()
  }

  @Test("A file that is not an index is moved aside, never removed")
  func foreignFile() throws {
    try directory.write("someone's only copy of something, longer than the header of a database", to: "index.sqlite")
    try directory.write("and its companion", to: "index.sqlite-wal")
    let index = try open()
    #expect(index.opening == .rebuilt(reason: "it is not a query index"))
    #expect(try String(contentsOfFile: path + ".set-aside", encoding: .utf8).hasPrefix("someone's only copy"))
    #expect(try String(contentsOfFile: path + ".set-aside-wal", encoding: .utf8) == "and its companion")
    try expectRebuilt(index)
  }

  @Test("An index that is a link to another disk is replaced there, and the link stays")
  func linkedFile() throws {
    try FileManager.default.createDirectory(atPath: directory.file("disk"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "disk/real.sqlite")
    try directory.write(
      "someone's only copy of something, longer than the header of a database", to: "disk/real.sqlite")
    try directory.write("and its companion", to: "disk/real.sqlite-wal")
    let index = try open()
    #expect(index.opening == .rebuilt(reason: "it is not a query index"))
    let aside = directory.file("disk/real.sqlite.set-aside")
    #expect(try String(contentsOfFile: aside, encoding: .utf8).hasPrefix("someone's only copy"))
    #expect(try String(contentsOfFile: aside + "-wal", encoding: .utf8) == "and its companion")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == "disk/real.sqlite")
    try expectRebuilt(index)
  }

  @Test("An empty file, as an interrupted start leaves it, is a new index")
  func emptyFile() throws {
    try directory.write("", to: "index.sqlite")
    #expect(try open().opening == .created)
  }

  @Test("A path that cannot be used is an error that names it")
  func unusable() throws {
    let absent = directory.file("absent/index.sqlite")
    let error = try #require(throws: QueryIndexError.self) {
      try QueryIndex(path: absent, chain: IndexSamples.chain)
    }
    #expect(error.code == "index.unusable")
    #expect(error.explanation.contains(absent))
    #expect(throws: QueryIndexError.unusable(path: directory.path, reason: "it is a directory")) {
      try QueryIndex(path: directory.path, chain: IndexSamples.chain)
    }
  }
}
