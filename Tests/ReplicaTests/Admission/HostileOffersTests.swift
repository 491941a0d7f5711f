import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("Transactions of hostile peers")
struct HostileOffersTests {
  private let harness: ReplicaHarness

  init() throws {
    harness = try ReplicaHarness()
    harness.areWorkersPrompt = false
  }

  private func offer(_ transactions: [SignedTransaction], from peer: Int) {
    harness.receive(.transactions(transactions.map(\.bytes)), from: peer)
  }

  private var blame: [String] {
    harness.notices.compactMap { notice in
      guard case .misbehaved(_, let code, _) = notice else { return nil }
      return code
    }
  }

  @Test("H3: the first invalid signature of a peer gives up everything else of it that waits to be checked")
  func givenUp() throws {
    let others = try (0..<2).map { _ in try harness.transaction() }
    offer([try harness.spoiled(try harness.transaction())], from: 2)
    offer([try harness.spoiled(try harness.transaction()), others[0]], from: 2)
    offer([others[1]], from: 3)
    let requests = harness.requests
    for request in requests { harness.verify(request) }
    #expect(blame == ["transaction.bad-signature"])
    #expect(harness.replica.pending(others[0].id) == nil)
    #expect(harness.replica.pending(others[1].id) == others[1])
    // It has all of its room again.
    offer([others[0]], from: 2)
    #expect(harness.requests.count == 1)
  }

  @Test("H3: what another peer sent too is checked for it, if the first one's check fails or is given up")
  func checkedForOthers() throws {
    let spoiledFirst = try harness.transaction()
    let given = try harness.transaction()
    offer([try harness.spoiled(spoiledFirst)], from: 2)
    offer([given], from: 2)
    offer([spoiledFirst, given], from: 3)
    #expect(harness.requests.count == 2)
    harness.verify(harness.requests[0])
    while let next = harness.requests.last { harness.verify(next) }
    #expect(harness.replica.pending(spoiledFirst.id) == spoiledFirst)
    #expect(harness.replica.pending(given.id) == given)
    #expect(blame == ["transaction.bad-signature"])
  }

  @Test("H3: a client whose transaction a peer offered beside invalid ones is answered by a check of its own")
  func clientBeside() throws {
    let transaction = try harness.transaction()
    offer([try harness.spoiled(try harness.transaction()), transaction], from: 2)
    #expect(harness.submit(transaction) == nil)
    harness.verify(harness.requests[0])
    while let next = harness.requests.last { harness.verify(next) }
    #expect(harness.answers.map { try? $0.answer.get().id } == [transaction.id])
    #expect(harness.replica.pending(transaction.id) == transaction)
  }

  @Test("H14: a peer that sends again and again what is known is read more slowly, and others may still send")
  func repeated() throws {
    let transaction = try harness.transaction(operations: 10_000)
    harness.areWorkersPrompt = true
    offer([transaction], from: 2)
    #expect(harness.replica.pending(transaction.id) == transaction)
    let frame = PeerMessage.transactions([transaction.bytes, transaction.bytes]).encoded()
    // What a fast line carries in a second.
    for _ in 0..<(250 << 20) / frame.count { harness.step(.frame(from: PeerID(2), bytes: frame)) }
    let slowed = harness.notices.compactMap { notice in
      if case .wasteful(let peer, let until) = notice { (peer, until) } else { nil }
    }
    #expect(slowed.map(\.0) == [PeerID(2)])
    let other = try harness.transaction()
    offer([transaction, other], from: 3)
    #expect(harness.replica.pending(other.id) == other)
    #expect(blame == [])
  }

  @Test("H14: questions, repeated votes and answers to no question are counted, and what is of use is not")
  func useless() throws {
    let status = PeerMessage.fetchBlock(Digest(1, 2, 3, 4)).encoded()
    for _ in 0...(Limits.wastedBytes / 1024) { harness.step(.frame(from: PeerID(2), bytes: status)) }
    let count = harness.notices.count { if case .wasteful = $0 { true } else { false } }
    #expect(count == 1)
  }
}
