import Cryptography
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

@testable import chaos

@Suite
struct ClientHistoryTests {
  private func transaction() throws -> SignedTransaction {
    let name = try #require(Name("mint"))
    let signer = Signer(member: name, key: try PrivateKey.generate(.p256SHA256))
    let builder = TransactionBuilder(chain: ChainContext(suite: .p256SHA256, genesis: Digest(1, 2, 3, 4)))
    return try builder.transaction([.accountFreeze(account: AccountName(name))], signers: [signer])
  }

  private func final(_ id: Digest, height: UInt64) -> SubmitResult {
    SubmitResult(finalized: id, height: Height(height), outcome: OutcomeView(.applied))
  }

  @Test("A repeated answer that a transaction is final is no contradiction, and counts once")
  func again() throws {
    let history = ClientHistory()
    let transaction = try transaction()
    history.note(sending: transaction, .none)
    history.note(SubmitResult(accepted: transaction.id), of: transaction.id, from: "node1")
    #expect(history.acknowledged == 0)
    history.note(final(transaction.id, height: 5), of: transaction.id, from: "node1")
    history.note(final(transaction.id, height: 5), of: transaction.id, from: "node2")
    // A node that lags behind knows less, which does not withdraw the promise.
    history.note(SubmitResult(accepted: transaction.id), of: transaction.id, from: "node3")
    #expect(history.acknowledged == 1)
    #expect(history.contradictions.isEmpty)
    #expect(history.all[transaction.id]?.final?.height == Height(5))
  }

  @Test("A second answer with another height is a contradiction")
  func contradiction() throws {
    let history = ClientHistory()
    let transaction = try transaction()
    history.note(sending: transaction, .none)
    history.note(final(transaction.id, height: 5), of: transaction.id, from: "node1")
    history.note(final(transaction.id, height: 6), of: transaction.id, from: "node2")
    #expect(history.contradictions.count == 1)
  }

  @Test("A silence lasts until the next transaction that is reported as final for the first time")
  func silence() throws {
    let history = ClientHistory()
    let start = ContinuousClock.now
    func note(_ transaction: SignedTransaction, _ seconds: Int) {
      history.note(sending: transaction, .none)
      history.note(
        final(transaction.id, height: 5), of: transaction.id, from: "node1", at: start + .seconds(seconds))
    }
    let first = try transaction()
    note(first, 2)
    history.note(final(first.id, height: 5), of: first.id, from: "node2", at: start + .seconds(5))
    note(try transaction(), 9)
    #expect(history.longestSilence(from: start, to: start + .seconds(10)) == .seconds(7))
    #expect(history.longestSilence(from: start + .seconds(2), to: start + .seconds(4)) == .seconds(2))
  }

  @Test("Balances and supply follow what was applied")
  func balances() throws {
    let alice = try #require(Name("alice"))
    let bob = try #require(Name("bob"))
    var model = BalanceModel()
    model.apply(.issue(to: alice, 100))
    model.apply(.transfer(from: alice, to: bob, 30))
    model.apply(.retire(from: bob, 10))
    model.apply(.none)
    #expect(model.supply == 90)
    #expect(model.balances == [alice: 70, bob: 20])
  }
}
