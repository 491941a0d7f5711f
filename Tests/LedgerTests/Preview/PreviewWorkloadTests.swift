import Cryptography
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Ledger

/// Random operations of all kinds, tried and executed.
@Testing.Suite("Trying transactions under load")
struct PreviewWorkloadTests {
  /// Everything that a state says, by table and slot, with what is derived from it.
  private struct Content: Equatable {
    var tip: ChainPoint
    var settled: ChainPoint
    var entries: [[StateEntry?]]
    var keyHolders: [PublicKey: UInt32]
    var pinHolders: [Digest: UInt32]
    var nodeCount: Int
    /// Whether each account has no balance and no hold.
    var unused: [Bool]
    var remembered: Int

    init(_ state: borrowing LedgerState) {
      tip = state.tip
      settled = state.settled
      entries = []
      for kind in StateKey.Kind.order {
        var rows: [StateEntry?] = []
        for slot in 0..<UInt32(state.slotCount(of: kind)) {
          rows.append(state.entry(at: EntryPlace(kind, slot), isPinned: false))
          if state.pinnedPoint != nil { rows.append(state.entry(at: EntryPlace(kind, slot), isPinned: true)) }
        }
        entries.append(rows)
      }
      keyHolders = state.derived.keyHolders
      pinHolders = state.derived.pinHolders
      nodeCount = state.derived.nodeCount
      unused = (0..<UInt32(state.accounts.count)).map { state.derived.uses.isUnused($0) }
      remembered = state.rememberedCount
    }
  }

  /// The draft with the signatures of all keys of everyone who must sign and is an active member.
  private func signed(
    _ draft: TransactionDraft, as required: [RequiredSignatures], _ state: borrowing LedgerState
  ) -> TransactionDraft {
    var names: Set<Name> = []
    for party in required.flatMap(\.parties) {
      switch party {
      case .member(let member): names.insert(member.name)
      case .administrators:
        for member in state.members.rows where member.isActiveAdministrator { names.insert(member.name) }
      }
    }
    var draft = draft
    for name in names {
      guard let slot = state.members.slot(of: name), !state.isSuspended(slot) else { continue }
      for key in state.members.rows[Int(slot)].authority.keys {
        draft.add(TransactionSignature(member: name, key: key, signature: Signature(first: .zero, second: .zero)))
      }
    }
    return draft
  }

  @Test(
    "Trying transactions changes nothing, and whoever signs as it says gets the outcome that it says",
    arguments: [UInt64](11...16))
  func random(seed: UInt64) throws {
    let chain = TestChain()
    // The same chain, without previews.
    var twin = LedgerState(genesis: TestChain.genesis())
    var workload = StateWorkloadTests.Workload(
      generator: SeededGenerator(seed: seed), keys: try TestChain.realKeys(24))
    var model = LedgerModel(TestChain.genesis())
    var models: [LedgerModel] = []
    var codes: Set<OutcomeCode> = []
    var kinds: Set<OperationKind> = []
    for _ in 0..<400 {
      if workload.chance(10), chain.state.tip.height > chain.state.settled.height {
        chain.revert()
        twin.revert()
        model = models.removeLast()
      }
      if workload.chance(5) {
        chain.state.settle(upTo: chain.state.tip.height)
        twin.settle(upTo: twin.tip.height)
        if chain.state.pinnedPoint == nil { chain.state.pin() } else { chain.state.unpin() }
      }
      let operations = (0..<1 + workload.draw(workload.chance(80) ? 2 : 8)).map { _ in workload.operation(model) }
      kinds.formUnion(operations.map(\.kind))
      let draft = try chain.draft(operations)
      let before = Content(chain.state)
      let preview = chain.state.preview(draft, now: chain.state.tip.timestamp)
      #expect(Content(chain.state) == before)
      let complete = signed(draft, as: preview.required, chain.state)
      guard let transaction = try? complete.assemble(hash: &chain.hash) else { continue }
      let again = chain.state.preview(complete, now: chain.state.tip.timestamp)
      #expect(Content(chain.state) == before)
      // Admission looks ahead only as far as the first operation that changes who may act.
      let outcome = try #require(try chain.execute([transaction], after: 1).outcomes.first)
      #expect(outcome == preview.outcome, "\(operations)")
      #expect(outcome == again.outcome, "\(operations)")
      if again.required.allSatisfy(\.areThere) { #expect(again.fault == nil, "\(operations)") }
      _ = try twin.execute(try #require(chain.blocks.last))
      let tip = twin.tip
      #expect(tip == chain.state.tip)
      models.append(model)
      model.beginBlock(at: chain.state.tip.timestamp)
      #expect(model.apply(transaction) == outcome)
      codes.insert(outcome.code)
    }
    // A workload of few kinds that leads to few outcomes would prove little.
    #expect(kinds.count >= 16, "\(kinds)")
    #expect(codes.count >= 8, "\(codes)")
    chain.state.settle(upTo: chain.state.tip.height)
    twin.settle(upTo: twin.tip.height)
    var ends = Content(chain.state)
    let others = Content(twin)
    if chain.state.pinnedPoint != nil {
      chain.state.unpin()
      ends = Content(chain.state)
    }
    #expect(ends == others)
  }
}
