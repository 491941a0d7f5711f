import Cryptography
import Primitives
import Testing

@testable import Ledger

/// Rows whose entries leave the state: the row stays, because others refer to slots by number.
@Testing.Suite("Entries that leave the state")
struct RemovedRowTests {
  private let admins = TestChain.admins
  private let node = StateKey.node(TestChain.name("node4"))
  private let change = StateKey.keyChange(TestChain.name("node2"))

  /// A chain with both entries, as `TestChain.withValidators` makes it.
  private func chain() throws -> (TestChain, [PublicKey]) {
    let (chain, keys) = try TestChain.withValidators()
    try chain.prepare([chain.update("node2", keys[3])], by: TestChain.bankA)
    return (chain, keys)
  }

  private func removeBoth(_ chain: TestChain) throws {
    try chain.prepare([TestChain.remove(node: "node4"), chain.remove("node2")], by: admins)
  }

  /// What the state proves under a key.
  private func proved(_ chain: TestChain, _ key: StateKey) throws -> StateEntry? {
    let proof = chain.state.prove(key)
    let entry = chain.state.entry(key)
    let found = try proof.verify(root: chain.state.tip.stateRoot, hash: &chain.hash)
    #expect(found == entry)
    return found
  }

  @Test("A removed entry is proved absent, comes back with a revert, and can be created again")
  func removed() throws {
    let (chain, keys) = try chain()
    let before = (chain.state.tip, try proved(chain, node), try proved(chain, change))
    #expect(before.1 != nil && before.2 != nil)
    for isSettled in [false, true] {
      if isSettled { chain.state.settle(upTo: chain.state.tip.height) }
      try removeBoth(chain)
      for key in [node, change] { #expect(try proved(chain, key) == nil) }
      try chain.prepare(
        [TestChain.node("node4", of: "shop", pin: 9), TestChain.node("node5", of: "shop", pin: 4)], by: admins)
      try chain.prepare([chain.add("node2", keys[4])], by: admins)
      try chain.prepare([chain.update("node2", keys[5])], by: TestChain.bankA)
      guard case .node(let entry) = try proved(chain, node) else {
        Issue.record("the node is not there again")
        return
      }
      #expect(entry.member == TestChain.name("shop"))
      #expect(try proved(chain, change) == .keyChange(TestChain.name("node2"), time: chain.state.tip.timestamp))
      for _ in 0..<3 { chain.revert() }
      for key in [node, change] { #expect(try proved(chain, key) == nil) }
      chain.revert()
      #expect(chain.state.tip == before.0)
      #expect(try proved(chain, node) == before.1)
      #expect(try proved(chain, change) == before.2)
    }
  }

  @Test("What a block creates and removes, or removes and creates again, is as if it had not been touched")
  func withinBlock() throws {
    let (chain, _) = try chain()
    let tip = chain.state.tip
    let (node4, before) = (TestChain.node("node4", of: "bank-b", pin: 4), try proved(chain, node))
    let none = StateKey.node(TestChain.name("node9"))
    func root(_ operations: [Operation]) throws -> Int {
      try chain.prepare(operations, by: admins)
      let changes = chain.state.lastChangeCount
      #expect(try proved(chain, node) == before)
      #expect(try proved(chain, none) == nil)
      chain.revert()
      #expect(chain.state.tip == tip)
      #expect(try proved(chain, node) == before)
      return changes
    }
    let freeze = Operation.accountFreeze(account: TestChain.account("shop"))
    let one = try root([freeze])
    #expect(try root([freeze, TestChain.node("node9", of: "shop", pin: 9), TestChain.remove(node: "node9")]) == one)
    // The entry is written with the value that it had.
    #expect(try root([freeze, TestChain.remove(node: "node4"), node4]) == one + 1)
    // A failed transaction leaves nothing, and the pin and the place in the directory are free.
    let failing = [
      TestChain.remove(node: "node4"), TestChain.node("node9", of: "shop", pin: 9), TestChain.remove(node: "none"),
    ]
    #expect(try chain.run(failing, by: admins) == TransactionOutcome(code: .directoryUnknownNode, operation: 2))
    #expect(try proved(chain, node) == before)
    #expect(try proved(chain, none) == nil)
    #expect(chain.state.derived.nodeCount == 4)
    #expect(chain.state.derived.pinHolders.count == 4)
  }

  @Test("A pinned state keeps what is removed meanwhile, and a snapshot has no removed entries")
  func snapshots() throws {
    let (chain, keys) = try chain()
    func snapshot(_ execution: Execution, _ changes: () throws -> Void) throws -> LedgerState {
      chain.state.settle(upTo: chain.state.tip.height)
      let block = try #require(chain.blocks.last)
      let proof = chain.state.proof(block, execution.result)
      chain.state.pin()
      try changes()
      let made = try MadeSnapshot(chain.state.copyAll(rows: 3), proof: proof)
      chain.state.unpin()
      return try made.load(TestChain.genesis())
    }
    let empty = try chain.execute([])
    let earlier = try snapshot(empty) {
      try removeBoth(chain)
      chain.state.settle(upTo: chain.state.tip.height)
      try chain.prepare([TestChain.node("node4", of: "shop", pin: 9)], by: admins)
    }
    let (found, time) = (earlier.entry(node), earlier.entry(change))
    guard case .node(let entry) = found else {
      Issue.record("the snapshot lacks a node that was removed later")
      return
    }
    #expect(entry.member == TestChain.name("bank-b"))
    #expect(time != nil)
    chain.revert()
    // Now both are removed. The loaded state has no rows for them, and goes on as the other does.
    let next = try chain.execute([])
    var later = try snapshot(next) {}
    #expect(later.entry(node) == nil)
    #expect(later.entry(change) == nil)
    let rows = later.slotCount(of: .node)
    #expect(rows == 3)
    for operations in [
      [TestChain.node("node4", of: "shop", pin: 9), chain.add("node2", keys[4])], [TestChain.remove(node: "node4")],
    ] {
      try chain.prepare(operations, by: admins)
      _ = try later.execute(try #require(chain.blocks.last))
    }
    try chain.prepare([chain.update("node2", keys[5])], by: TestChain.bankA)
    _ = try later.execute(try #require(chain.blocks.last))
    let tip = later.tip
    #expect(tip == chain.state.tip)
  }

  @Test("Readers list the nodes of the directory without the removed ones")
  func listed() throws {
    let (chain, _) = try chain()
    chain.state.settle(upTo: chain.state.tip.height)
    var view = LedgerView(of: chain.state)
    func names(_ view: borrowing LedgerView, after name: String? = nil, limit: Int = 9) -> [String] {
      view.nodes(after: name.map(TestChain.name), limit: limit).map { "\($0.name)" }
    }
    #expect(names(view) == ["node1", "node2", "node3", "node4"])
    try chain.prepare([TestChain.remove(node: "node4"), TestChain.node("node0", of: "shop", pin: 9)], by: admins)
    try chain.prepare([chain.remove("node2")], by: admins)
    try chain.prepare([TestChain.remove(node: "node2")], by: admins)
    for index in 0..<3 { view.apply(chain.state.rowChanges(ofUnsettled: index)) }
    chain.state.settle(upTo: chain.state.tip.height)
    #expect(names(view) == ["node0", "node1", "node3"])
    #expect(names(view, after: "node0", limit: 2) == ["node1", "node3"])
    #expect(names(view, after: "node1") == ["node3"])
    #expect(names(LedgerView(of: chain.state)) == names(view))
    let (gone, there) = (view.node(TestChain.name("node4")), view.node(TestChain.name("node3")))
    #expect(gone == nil)
    #expect(there?.member == TestChain.name("shop"))
    try chain.prepare([TestChain.node("node4", of: "shop", pin: 4)], by: admins)
    view.apply(chain.state.rowChanges(ofUnsettled: 0))
    #expect(names(view) == ["node0", "node1", "node3", "node4"])
  }
}
