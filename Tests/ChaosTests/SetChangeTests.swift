import Ledger
import LedgerJSON
import Primitives
import Testing

@testable import chaos

@Testing.Suite("Changes of the set of validators")
struct SetChangeTests {
  /// The set of an epoch: names, and for each the first word of its key.
  private func view(_ epoch: UInt64, _ validators: [(name: String, key: UInt64)]) throws -> ValidatorsView {
    let items = try validators.enumerated().map { index, validator in
      let name = try #require(Name(validator.name))
      let key = PublicKey(prefix: 2, body: Digest(validator.key, 0, 0, 0))
      return ValidatorView(
        index: index, node: DirectoryEntry(name: name, member: name, pins: [.zero], addresses: ["127.0.0.1:1"]),
        voteKey: key, connected: true, height: nil, leader: false)
    }
    return ValidatorsView(items: items, height: Height(1), epoch: epoch, configuration: .zero, checkpoint: nil)
  }

  @Test("A change was made if the next epoch has the names in the order that it gives them, and a new key if it is one")
  func leads() throws {
    let before = try view(3, [("a", 1), ("b", 2)])
    let cases: [(SetChange, [(name: String, key: UInt64)])] = [
      (.add("c"), [("a", 1), ("b", 2), ("c", 3)]), (.rotateKey("b"), [("a", 1), ("b", 3)]), (.remove("a"), [("b", 2)]),
      (.replace("a", by: "c"), [("b", 2), ("c", 3)]),
    ]
    for (change, expected) in cases {
      #expect(change.leads(from: before, to: try view(4, expected)), "\(change)")
      #expect(!change.leads(from: before, to: try view(5, expected)), "\(change)")
      #expect(!change.leads(from: before, to: before), "\(change)")
      #expect(!change.leads(from: before, to: try view(4, expected.reversed() + [("d", 4)])), "\(change)")
    }
    #expect(!SetChange.rotateKey("a").leads(from: before, to: try view(4, [("a", 1), ("b", 3)])))
  }

  @Test("A command is repeated only after a failure that passes")
  func codes() throws {
    let failure = ErrorBody(ErrorDetail(code: "validator.no-quorum", message: "m", nextStep: "n"))
    let text = String(decoding: try AnswerCoding.encodePretty(failure), as: UTF8.self)
    #expect(Administrator.code(text) == "validator.no-quorum")
    let outdated = TransactionOutcome(code: .configurationOutdated, operation: 0)
    let result = SubmitResult(finalized: .zero, height: Height(1), outcome: OutcomeView(outdated))
    #expect(
      Administrator.code(String(decoding: try AnswerCoding.encode(result), as: UTF8.self)) == "configuration.outdated")
    #expect(Administrator.code("Killed") == nil)
    for code in ["validator.no-quorum", "client.outcome-unknown", "api.busy"] { #expect(Administrator.passes(code)) }
    for code in ["validator.unknown", "keys.no-member"] { #expect(!Administrator.passes(code)) }
  }

  @Test("The pause of a change lies between the last block of an epoch and the first of the next")
  func pauses() throws {
    let blocks: [(time: UInt64, above: UInt64)] = [(10, 0), (50, 0), (60, 1), (75, 1), (80, 1)]
    let times = BlockTimes(
      blocks: blocks.enumerated().map { index, block in
        BlockTimes.Block(height: Height(UInt64(index + 1)), time: Timestamp(block.time), epochAbove: block.above)
      })
    let (closing, opening) = try #require(times.opening(of: 1))
    #expect(closing.height == Height(3) && opening.height == Height(4))
    #expect(closing.milliseconds(to: opening) == 15)
    #expect(times.longestPause == 40)
    #expect(times.opening(of: 2) == nil)
    #expect(BlockTimes(blocks: Array(times.blocks.prefix(3))).opening(of: 1) == nil)
  }

  @Test("Receipts are chosen from both sides of every change, and no more than a run has time for")
  func receipts() {
    func id(_ height: UInt64) -> Digest { Digest(height, 0, 0, 0) }
    let heights: ClosedRange<UInt64> = 1...1000
    let acknowledged = Dictionary(uniqueKeysWithValues: heights.map { (id($0), Height($0)) })
    #expect(
      ReceiptCheck.choose(acknowledged, around: [Height(7), Height(500)]) == [1, 7, 8, 500, 501, 1000].map(id))
    #expect(ReceiptCheck.choose([:], around: [Height(7)]).isEmpty)
    let many = ReceiptCheck.choose(acknowledged, around: (1...300).map { Height($0 * 3) })
    #expect(many.count == ReceiptCheck.most && Set(many).count == many.count)
  }
}
