import Consensus
import Ledger
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("The proposals machine")
struct ProposalsTests {
  private let harness: MachineHarness
  private var proposals = Proposals()
  private var admission = Admission(bounds: Mempool.Bounds(), nextOffer: Tick(2_000_000), now: Tick(1_000_000))
  private let genesis: BlockReference

  init() throws {
    harness = try MachineHarness()
    genesis = BlockReference(view: .genesis, block: harness.maker.population.genesis.blockDigest)
  }

  private mutating func tryCheck(_ view: UInt64) -> ProposalStep {
    proposals.tryCheck(harness.round(view), &harness.chain, admission, &harness.context)
  }

  private mutating func judge(_ view: UInt64) -> ProposalStep {
    proposals.judge(harness.round(view), &harness.chain, admission, &harness.context)
  }

  /// A step in short, so that it can be compared.
  private func text(_ step: ProposalStep) -> String {
    switch step {
    case .waiting: "waiting"
    case .missing: "missing"
    case .needsState: "needs state"
    case .answer(.checked(_, let isValid), let changes): "valid \(isValid), records \(changes?.records.count ?? 0)"
    case .answer(.certified(_, let result), _): result == nil ? "not executed" : "executed"
    case .answer(.built(_, let block), _): block == nil ? "not built" : "built"
    case .answer(.declined, _): "declined"
    case .answer: "something else"
    }
  }

  @Test(
    "H1: proposals that are not executed occupy bounded memory: the oldest are dropped, unless somebody asks about them"
  )
  mutating func bounded() throws {
    var blocks: [Block] = []
    for _ in 1...10 { blocks.append(harness.maker.block([try harness.maker.transaction()])) }
    proposals = Proposals(keptLimit: blocks.suffix(3).reduce(0) { $0 + $1.bytes.count })
    proposals.check(harness.maker.proposal(blocks[0], view: 1), on: genesis)
    for (place, block) in blocks.enumerated() {
      proposals.keep(block, of: harness.round(UInt64(place + 1)), &harness.chain)
      #expect(harness.chain.tree.count <= 4)
    }
    #expect(
      blocks.map { harness.chain.tree[$0.digest] != nil }.enumerated().filter(\.element).map(\.offset) == [0, 8, 9])
    // A leader's second proposal is no more taken than if the first were still here.
    #expect(proposals.hasBlock(of: harness.round(3)))
    // A block that was dropped is asked for when it matters.
    proposals.check(harness.maker.proposal(blocks[2], view: 3), on: genesis)
    #expect(text(tryCheck(3)) == "missing")
    proposals.keep(blocks[2], of: harness.round(3), &harness.chain)
    #expect(text(tryCheck(3)) == "needs state")
    proposals.discard(through: harness.round(10), &harness.chain)
    #expect(harness.chain.tree.count == 0)
    #expect(proposals.proposedCount == 0)
  }

  @Test("A proposal waits for its block, its parent's state and its signatures, in turn; then the block is logged")
  mutating func checked() throws {
    let block = harness.maker.block([try harness.maker.transaction()])
    proposals.check(harness.maker.proposal(block, view: 1), on: genesis)
    #expect(text(tryCheck(1)) == "missing")
    proposals.keep(block, of: harness.round(1), &harness.chain)
    #expect(text(tryCheck(1)) == "needs state")
    #expect(text(judge(1)) == "waiting")
    #expect(harness.requests.map(\.urgency) == [.block])
    #expect(text(tryCheck(1)) == "waiting")
    let ticket = harness.requests[0].ticket
    let step = proposals.finish(harness.round(1), ticket, true, &harness.chain, &harness.context)
    #expect(text(step) == "waiting")
    #expect(text(tryCheck(1)) == "valid true, records 1")
    #expect(!proposals.hasOpenQuestions)
  }

  @Test("A proposal with an invalid signature is invalid, and its block is removed")
  mutating func badSignature() throws {
    let block = harness.maker.block([try harness.maker.transaction()])
    proposals.check(harness.maker.proposal(block, view: 1), on: genesis)
    proposals.keep(block, of: harness.round(1), &harness.chain)
    _ = judge(1)
    let step = proposals.finish(
      harness.round(1), harness.requests[0].ticket, false, &harness.chain, &harness.context)
    #expect(text(step) == "valid false, records 0")
    #expect(harness.chain.tree.count == 0)
  }

  @Test("A check that arrives too late, or under another ticket, changes nothing")
  mutating func late() throws {
    let block = harness.maker.block([try harness.maker.transaction()])
    proposals.check(harness.maker.proposal(block, view: 1), on: genesis)
    proposals.keep(block, of: harness.round(1), &harness.chain)
    _ = judge(1)
    let other = proposals.finish(
      harness.round(1), Ticket(number: 99), false, &harness.chain, &harness.context)
    #expect(text(other) == "waiting")
    proposals.enter(harness.round(2))
    let late = proposals.finish(
      harness.round(1), harness.requests[0].ticket, false, &harness.chain, &harness.context)
    #expect(text(late) == "waiting")
    #expect(harness.chain.tree.count == 1)
  }

  @Test("A question of one epoch is not answered for the same view of another")
  mutating func epochs() throws {
    let block = harness.maker.block([])
    proposals.check(harness.maker.proposal(block, view: 5), on: genesis)
    proposals.enter(Round(epoch: Epoch(1), view: View(1)))
    #expect(proposals.checkCount == 0)
  }

  @Test("A notarized block is executed once its parent's state is here, and answered from memory after that")
  mutating func certified() throws {
    let block = harness.maker.block([try harness.maker.transaction()])
    let proposal = harness.maker.proposal(block, view: 1)
    proposals.certify(proposal, on: genesis)
    #expect(text(proposals.tryCertify(harness.round(1), harness.chain)) == "missing")
    proposals.keep(block, of: harness.round(1), &harness.chain)
    #expect(text(proposals.tryCertify(harness.round(1), harness.chain)) == "needs state")
    #expect(text(proposals.execute(harness.round(1), &harness.chain, &harness.context)) == "executed")
    proposals.certify(proposal, on: genesis)
    #expect(text(proposals.tryCertify(harness.round(1), harness.chain)) == "executed")
    #expect(!proposals.hasOpenQuestions)
  }

  @Test("The node declines its turn when nothing waits, and builds an empty block when that brings finality")
  mutating func ownTurn() {
    proposals.build(harness.round(1), on: genesis, isEmptyWanted: false)
    #expect(text(proposals.tryBuild(&harness.chain, &admission, &harness.context)) == "declined")
    proposals.build(harness.round(1), on: genesis, isEmptyWanted: true)
    #expect(text(proposals.tryBuild(&harness.chain, &admission, &harness.context)) == "built")
    #expect(harness.chain.tree.count == 1)
    #expect(text(proposals.tryBuild(&harness.chain, &admission, &harness.context)) == "waiting")
  }

  @Test("Blocks of rounds without a result are removed once a later round is final")
  mutating func discarded() throws {
    for view in UInt64(1)...3 {
      let block = harness.maker.block([try harness.maker.transaction()])
      proposals.keep(block, of: harness.round(view), &harness.chain)
    }
    proposals.discard(through: harness.round(2), &harness.chain)
    #expect(harness.chain.tree.count == 1)
    #expect(proposals.proposedCount == 1)
    #expect(proposals.hasBlock(of: harness.round(3)))
  }
}
