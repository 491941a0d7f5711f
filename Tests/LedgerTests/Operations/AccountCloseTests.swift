import Cryptography
import Primitives
import TestHarness
import Testing

@testable import Ledger

/// Closing empty accounts, which can be opened again.
@Testing.Suite("Closing accounts")
struct AccountCloseTests {
  private let till = "shop/till"

  private func close(_ account: String) -> Operation { .accountClose(account: TestChain.account(account)) }

  private func account(_ chain: TestChain, _ name: String) -> StateEntry? {
    chain.state.entry(.account(TestChain.account(name)))
  }

  @Test("M6: an account below a member's own is closed by its owner while it is empty and not frozen")
  func outcomes() throws {
    let chain = try OperationOutcomeTests.prepared()
    let frozen = Operation.accountFreeze(account: TestChain.account(till))
    try OperationOutcomeTests.expect(chain, close("shop/x"), by: TestChain.shop, .accountUnknown)
    try OperationOutcomeTests.expect(chain, close("nobody/x"), by: TestChain.shop, .accountUnknown)
    try OperationOutcomeTests.expect(chain, close(till), by: TestChain.bankA, .authorityMissing)
    try OperationOutcomeTests.expect(chain, close(till), by: TestChain.admins, .authorityMissing)
    try OperationOutcomeTests.expect(chain, close("shop"), by: TestChain.bankA, .authorityMissing)
    try OperationOutcomeTests.expect(chain, close("shop"), by: TestChain.shop, .accountMain)
    try OperationOutcomeTests.expect(chain, close("guest"), by: TestChain.guest, .accountMain)
    try chain.prepare([TestChain.issue("eur", till, 5)], by: TestChain.bankA)
    try OperationOutcomeTests.expect(chain, close(till), by: TestChain.shop, .accountNotEmpty)
    // A frozen account stays, empty or not.
    try chain.prepare([frozen], by: TestChain.admins)
    try OperationOutcomeTests.expect(chain, close(till), by: TestChain.shop, .accountFrozen)
    try chain.prepare([.accountUnfreeze(account: TestChain.account(till))], by: TestChain.admins)
    try chain.prepare([TestChain.transfer("eur", till, "shop", 5)], by: TestChain.shop)
    try chain.prepare([frozen], by: TestChain.admins)
    try OperationOutcomeTests.expect(chain, close(till), by: TestChain.shop, .accountFrozen)
    try chain.prepare(
      [.accountUnfreeze(account: TestChain.account(till)), .memberSuspend(name: TestChain.name("shop"), reason: "")],
      by: TestChain.admins)
    try OperationOutcomeTests.expect(chain, close(till), by: TestChain.bankA, .memberSuspended)
    try chain.prepare([.memberRestore(name: TestChain.name("shop"))], by: TestChain.admins)
    try OperationOutcomeTests.expect(chain, close(till), by: TestChain.shop, .applied)
    #expect(account(chain, till) == nil)
    try OperationOutcomeTests.expect(chain, close(till), by: TestChain.shop, .accountUnknown)
  }

  @Test(
    "M6: a closed account is unknown to every operation, and its name can be opened again, unfrozen and described anew")
  func closed() throws {
    let chain = try OperationOutcomeTests.prepared()
    let name = TestChain.account(till)
    try chain.prepare([close(till)], by: TestChain.shop)
    let unknown: [(Operation, [TestChain.Signer])] = [
      (TestChain.transfer("eur", "bank-a", till, 1), TestChain.bankA),
      (TestChain.transfer("eur", till, "bank-a", 1), TestChain.shop),
      (TestChain.issue("eur", till, 1), TestChain.bankA),
      (TestChain.retire("eur", till, 1), TestChain.bankA + TestChain.shop),
      (chain.place("bank-a", till, 1, "r"), TestChain.bankA), (chain.place(till, "bank-a", 1, "r"), TestChain.shop),
      (.accountFreeze(account: name), TestChain.admins), (.accountUnfreeze(account: name), TestChain.admins),
      (close(till), TestChain.shop),
    ]
    for (operation, signers) in unknown {
      try OperationOutcomeTests.expect(chain, operation, by: signers, .accountUnknown)
    }
    try OperationOutcomeTests.expect(
      chain, TestChain.capture(till, "bank-a", 1, "r"), by: TestChain.bankA, .holdUnknown)
    try OperationOutcomeTests.expect(chain, TestChain.open(till), by: TestChain.bankA, .authorityMissing)
    try OperationOutcomeTests.expect(
      chain, .accountOpen(account: name, description: "again"), by: TestChain.shop, .applied)
    #expect(account(chain, till) == .account(Account(name: name, description: "again", isFrozen: false)))
    try OperationOutcomeTests.expect(chain, TestChain.open(till), by: TestChain.shop, .accountExists)
    try OperationOutcomeTests.expect(chain, TestChain.transfer("eur", "bank-a", till, 7), by: TestChain.bankA, .applied)
    #expect(chain.amount("eur", till) == Amount(7))
    try OperationOutcomeTests.expect(chain, close(till), by: TestChain.shop, .accountNotEmpty)
  }

  @Test("Within a transaction and a block: what closes and opens again is one account, and what fails closes nothing")
  func sameBlock() throws {
    let chain = try OperationOutcomeTests.prepared()
    let open = TestChain.open(till)
    let before = (account(chain, till), chain.state.tip.stateRoot)
    #expect(try chain.run([close(till), open, close(till), open], by: TestChain.shop) == .applied)
    #expect(account(chain, till) == before.0)
    chain.revert()
    #expect(chain.state.tip.stateRoot == before.1)
    let failed = try chain.run([close(till), TestChain.transfer("eur", "shop", till, 1)], by: TestChain.shop)
    #expect(failed == TransactionOutcome(code: .accountUnknown, operation: 1))
    #expect(account(chain, till) == before.0)
    // An account that lives within one block only.
    let brief = try chain.run([TestChain.open("shop/brief"), close("shop/brief")], by: TestChain.shop)
    #expect(brief == .applied && account(chain, "shop/brief") == nil)
    // A failed transaction leaves the count of balances as it was: it emptied the account before it failed.
    try chain.prepare([TestChain.issue("eur", till, 5)], by: TestChain.bankA)
    let empties = TestChain.transfer("eur", till, "shop", 5)
    let outcome = try chain.run([empties, empties], by: TestChain.shop)
    #expect(outcome == TransactionOutcome(code: .assetInsufficientFunds, operation: 1))
    try OperationOutcomeTests.expect(chain, close(till), by: TestChain.shop, .accountNotEmpty)
    #expect(try chain.run([empties, close(till)], by: TestChain.shop) == .applied)
    chain.revert()
    try OperationOutcomeTests.expect(chain, close(till), by: TestChain.shop, .accountNotEmpty)
    #expect(chain.amount("eur", till) == Amount(5))
  }

  @Test("M6: an open hold from or for an account keeps it open, however it ends and whatever is taken back")
  func holds() throws {
    let chain = try OperationOutcomeTests.prepared()
    try chain.prepare([TestChain.issue("eur", till, 5)], by: TestChain.bankA)
    func expectClosed(_ code: OutcomeCode, _ location: SourceLocation = #_sourceLocation) throws {
      let outcome = try chain.run([close(till)], by: TestChain.shop)
      #expect(outcome.code == code, sourceLocation: location)
      chain.revert()
    }
    // Everything is held, so there is no balance.
    try chain.prepare([chain.place(till, "bank-a", 5, "out")], by: TestChain.shop)
    #expect(chain.amount("eur", till) == .zero)
    try expectClosed(.accountNotEmpty)
    try chain.prepare([TestChain.capture(till, "bank-a", 2, "out")], by: TestChain.bankA)
    try expectClosed(.accountNotEmpty)
    try chain.prepare([TestChain.capture(till, "bank-a", 3, "out")], by: TestChain.bankA)
    try expectClosed(.applied)
    chain.revert()
    try expectClosed(.accountNotEmpty)
    try chain.prepare([TestChain.capture(till, "bank-a", 3, "out")], by: TestChain.bankA)
    // As the payee.
    try chain.prepare(
      [chain.place("bank-a", till, 9, "in"), chain.place("bank-a", till, 4, "brief", in: 3000)], by: TestChain.bankA)
    try expectClosed(.accountNotEmpty)
    try chain.prepare([TestChain.release("bank-a", till, "in")], by: TestChain.shop)
    try expectClosed(.accountNotEmpty)
    // The end of a block returns what has expired, so only the next block finds the account unused.
    try chain.execute([], after: 5000)
    try expectClosed(.applied)
    chain.revert()
    try expectClosed(.accountNotEmpty)
    try chain.execute([], after: 5000)
    // A reference of an ended hold is used again by another hold, and taken back with it.
    try chain.prepare([chain.place("bank-a", till, 1, "in")], by: TestChain.bankA)
    try expectClosed(.accountNotEmpty)
    chain.revert()
    try expectClosed(.applied)
    try chain.prepare([close(till)], by: TestChain.shop)
    #expect(account(chain, till) == nil)
  }

  @Test("Closings are settled, reverted and proved; readers and snapshots do not see what is closed")
  func followed() throws {
    let chain = try OperationOutcomeTests.prepared()
    let (name, key) = (TestChain.account(till), StateKey.account(TestChain.account(till)))
    chain.state.settle(upTo: chain.state.tip.height)
    var view = LedgerView(of: chain.state)
    func follow(_ view: inout LedgerView) {
      view.apply(chain.state.rowChanges(ofUnsettled: 0))
      chain.state.settle(upTo: chain.state.tip.height)
    }
    func expectShown(
      _ view: borrowing LedgerView, _ isOpen: Bool, _ location: SourceLocation = #_sourceLocation
    ) throws {
      let known = view.account(name) != nil
      let listed = view.accounts(limit: 99).contains { $0.name == name }
      let own = view.accounts(of: TestChain.name("shop"), limit: 99).map { "\($0.name)" }
      let (balances, paid) = (view.balances(of: name, limit: 9), view.holds(.from(name), after: nil, limit: 9))
      let copied = LedgerView(of: chain.state).accounts(limit: 99).contains { $0.name == name }
      #expect([known, listed, copied].allSatisfy { $0 == isOpen }, sourceLocation: location)
      #expect(own == (isOpen ? ["shop", till] : ["shop"]), sourceLocation: location)
      #expect(balances.isEmpty && paid.isEmpty, sourceLocation: location)
      #expect((chain.state.settledAccount(name) != nil) == isOpen, sourceLocation: location)
      let shown = try chain.state.prove(key).verify(root: chain.state.tip.stateRoot, hash: &chain.hash)
      #expect((shown != nil) == isOpen && shown == chain.state.entry(key), sourceLocation: location)
    }
    try expectShown(view, true)
    let root = chain.state.tip.stateRoot
    try chain.prepare([close(till)], by: TestChain.shop)
    #expect(chain.state.settledAccount(name) != nil)
    chain.revert()
    #expect(chain.state.tip.stateRoot == root && account(chain, till) != nil)
    try chain.prepare([close(till)], by: TestChain.shop)
    follow(&view)
    try expectShown(view, false)
    // A snapshot has no trace of the account. The node that loads it opens it again as the others do.
    let execution = try chain.execute([])
    follow(&view)
    chain.state.pin()
    let proof = chain.state.proof(try #require(chain.blocks.last), execution.result)
    try chain.prepare([TestChain.open(till)], by: TestChain.shop)
    let made = try MadeSnapshot(chain.state.copyAll(rows: 3), proof: proof)
    var loaded = try made.load(TestChain.genesis())
    let absent = loaded.entry(key)
    #expect(absent == nil)
    let opened = try loaded.execute(try #require(chain.blocks.last))
    #expect(opened.resultDigest == chain.state.tip.result)
    follow(&view)
    chain.state.unpin()
    try expectShown(view, true)
    // Opened and closed within the block that the view follows.
    try chain.prepare(
      [close(till), TestChain.open(till), TestChain.open("shop/brief"), close("shop/brief")], by: TestChain.shop)
    follow(&view)
    try expectShown(view, true)
  }

  @Test("M6: a node that starts from a snapshot counts the balances and holds that it loads")
  func loaded() throws {
    let chain = try OperationOutcomeTests.prepared()
    try chain.prepare([TestChain.open("shop/empty"), TestChain.open("shop/payee")], by: TestChain.shop)
    try chain.prepare(
      [TestChain.issue("eur", till, 5), chain.place("bank-a", "shop/payee", 3, "r")], by: TestChain.bankA)
    let execution = try chain.execute([])
    chain.state.settle(upTo: chain.state.tip.height)
    chain.state.pin()
    let proof = chain.state.proof(try #require(chain.blocks.last), execution.result)
    let made = try MadeSnapshot(chain.state.copyAll(rows: 4), proof: proof)
    var loaded = try made.load(TestChain.genesis())
    let closings = try ["shop/empty", "shop/payee", till].map {
      try chain.transaction([close($0)], by: TestChain.shop)
    }
    let outcomes = try chain.execute(closings).outcomes.map(\.code)
    #expect(outcomes == [.applied, .accountNotEmpty, .accountNotEmpty])
    let followed = try loaded.execute(try #require(chain.blocks.last)).outcomes.map(\.code)
    #expect(followed == outcomes)
    // Both see the account unused once what it has is gone.
    try chain.prepare([TestChain.release("bank-a", "shop/payee", "r"), close("shop/payee")], by: TestChain.shop)
    try chain.prepare([TestChain.transfer("eur", till, "shop", 5), close(till)], by: TestChain.shop)
    for block in chain.blocks.suffix(2) { _ = try loaded.execute(block) }
    let tip = loaded.tip
    #expect(tip == chain.state.tip)
  }
}
