import Ledger
import Primitives
import Testing

/// When the operations on the directory are applied, and each reason for which they fail.
@Testing.Suite("Operations on the directory")
struct DirectoryOperationTests {
  private let admins = TestChain.admins

  private func entry(_ chain: TestChain, _ node: String) -> DirectoryEntry? {
    guard case .node(let entry) = chain.state.entry(.node(TestChain.name(node))) else { return nil }
    return entry
  }

  @Test("A node is added and replaced by the administrators, and keeps its member; no epoch begins")
  func set() throws {
    let chain = TestChain()
    let above = chain.state.tip.above
    let node = TestChain.node("node2", of: "bank-a", pin: 2)
    try OperationOutcomeTests.expect(chain, node, by: TestChain.bankA, .administratorsMissing)
    try OperationOutcomeTests.expect(
      chain, TestChain.node("node2", of: "nobody", pin: 7), by: admins, .memberUnknown)
    try OperationOutcomeTests.expect(chain, node, by: admins, .applied)
    #expect(entry(chain, "node2")?.addresses == ["node2.example:7000"])
    // The member is looked at before the pin, which is node1's.
    try OperationOutcomeTests.expect(
      chain,
      .directorySet(
        name: TestChain.name("node2"), member: TestChain.name("shop"), pins: [Digest(7, 7, 7, 7)], addresses: ["h:1"]),
      by: admins, .directoryOtherMember)
    try OperationOutcomeTests.expect(
      chain,
      .directorySet(
        name: TestChain.name("node2"), member: TestChain.name("bank-a"),
        pins: [Digest(1, 1, 1, 1), Digest(7, 7, 7, 7)],
        addresses: ["h:1"]), by: admins, .directoryPinInUse)
    try OperationOutcomeTests.expect(
      chain,
      .directorySet(
        name: TestChain.name("node2"), member: TestChain.name("bank-a"),
        pins: [Digest(9, 0, 0, 0), Digest(2, 0, 0, 0)],
        addresses: ["h:2", "h:1"]), by: admins, .applied)
    #expect(entry(chain, "node2")?.pins == [Digest(2, 0, 0, 0), Digest(9, 0, 0, 0)])
    #expect(entry(chain, "node2")?.addresses == ["h:2", "h:1"])
    #expect(chain.state.tip.above == above)
  }

  @Test(
    "A pin that a node gives up is free from the next block on, and one that a failed transaction took is free at once")
  func pins() throws {
    let chain = TestChain()
    try chain.prepare(
      [TestChain.node("a", of: "shop", pin: 1), TestChain.node("b", of: "shop", pin: 2)], by: admins)
    // Neither exchanged nor passed on within a block, in one transaction or two.
    let passed = [TestChain.node("a", of: "shop", pin: 3), TestChain.node("b", of: "shop", pin: 1)]
    #expect(try chain.run(passed, by: admins) == TransactionOutcome(code: .directoryPinInUse, operation: 1))
    let outcomes = try chain.execute([
      chain.transaction([passed[0]], by: admins), chain.transaction([passed[1]], by: admins),
      // What the block itself brought in and gave up again is free.
      chain.transaction(
        [TestChain.node("a", of: "shop", pin: 4), TestChain.node("b", of: "shop", pin: 3)], by: admins),
      chain.transaction(
        [TestChain.node("c", of: "shop", pin: 5), TestChain.node("d", of: "shop", pin: 5)], by: admins),
      chain.transaction([TestChain.node("d", of: "shop", pin: 5)], by: admins),
      chain.transaction([TestChain.node("a", of: "shop", pin: 1)], by: admins),
    ]).outcomes
    #expect(
      outcomes.map(\.code) == [.applied, .directoryPinInUse, .applied, .directoryPinInUse, .applied, .applied])
    try OperationOutcomeTests.expect(chain, TestChain.node("b", of: "shop", pin: 1), by: admins, .directoryPinInUse)
    try chain.prepare([TestChain.node("a", of: "shop", pin: 6)], by: admins)
    try OperationOutcomeTests.expect(chain, TestChain.node("b", of: "shop", pin: 1), by: admins, .applied)
    // Removed nodes free their pins in the same way.
    let removed = [TestChain.remove(node: "b"), TestChain.node("e", of: "shop", pin: 1)]
    #expect(try chain.run(removed, by: admins) == TransactionOutcome(code: .directoryPinInUse, operation: 1))
    #expect(try chain.run([removed[0], TestChain.node("b", of: "bank-a", pin: 1)], by: admins) == .applied)
    #expect(entry(chain, "b")?.member == TestChain.name("bank-a"))
    chain.revert()
    #expect(entry(chain, "b")?.member == TestChain.name("shop"))
    try chain.prepare([removed[0]], by: admins)
    try chain.prepare([removed[1]], by: admins)
  }

  @Test("The directory has at most 256 nodes")
  func full() throws {
    let chain = TestChain()
    let nodes = (2...Limits.nodes).map { TestChain.node("n\($0)", of: "shop", pin: 1000 + UInt64($0)) }
    try chain.prepare(nodes, by: admins)
    let more = TestChain.node("more", of: "shop", pin: 1)
    try OperationOutcomeTests.expect(chain, more, by: admins, .directoryFull)
    try OperationOutcomeTests.expect(chain, TestChain.node("n2", of: "shop", pin: 1), by: admins, .applied)
    // A pin in use is reported first.
    try OperationOutcomeTests.expect(chain, more, by: admins, .directoryPinInUse)
    let other = TestChain.node("more", of: "shop", pin: 2)
    #expect(try chain.run([TestChain.remove(node: "n3"), other], by: admins) == .applied)
    try OperationOutcomeTests.expect(chain, TestChain.node("n3", of: "shop", pin: 3), by: admins, .directoryFull)
    chain.revert()
    chain.revert()
    try OperationOutcomeTests.expect(chain, other, by: admins, .directoryFull)
  }

  @Test("A node that is a validator, or was when the block began, stays in the directory")
  func remove() throws {
    let (chain, keys) = try TestChain.withValidators()
    try OperationOutcomeTests.expect(
      chain, TestChain.remove(node: "node4"), by: TestChain.bankB, .administratorsMissing)
    try OperationOutcomeTests.expect(chain, TestChain.remove(node: "node9"), by: admins, .directoryUnknownNode)
    try OperationOutcomeTests.expect(chain, TestChain.remove(node: "node2"), by: admins, .directoryValidator)
    let both = [chain.remove("node2"), TestChain.remove(node: "node2")]
    #expect(try chain.run(both, by: admins) == TransactionOutcome(code: .directoryValidator, operation: 1))
    let added = [chain.add("node4", keys[3]), TestChain.remove(node: "node4")]
    #expect(try chain.run(added, by: admins) == TransactionOutcome(code: .directoryValidator, operation: 1))
    try OperationOutcomeTests.expect(chain, TestChain.remove(node: "node4"), by: admins, .applied)
    #expect(entry(chain, "node4") == nil)
    try OperationOutcomeTests.expect(chain, TestChain.remove(node: "node4"), by: admins, .directoryUnknownNode)
    try OperationOutcomeTests.expect(chain, chain.add("node4", keys[3]), by: admins, .directoryUnknownNode)
    try chain.prepare([chain.remove("node2")], by: admins)
    try OperationOutcomeTests.expect(chain, TestChain.remove(node: "node2"), by: admins, .applied)
  }
}
