import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("The mempool")
struct MempoolTests {
  private func transactions(_ count: Int, from payer: Int = 0, validFor: UInt64 = 600_000) throws -> [SignedTransaction]
  {
    let harness = try ReplicaHarness()
    return try (0..<count).map { _ in try harness.transaction(validFor: validFor, from: payer, to: payer == 0 ? 1 : 0) }
  }

  private func waiting(_ pool: Mempool) -> [Digest] {
    var ids: [Digest] = []
    pool.forEachWaiting {
      ids.append($0.id)
      return true
    }
    return ids
  }

  @Test("transactions wait in the order of arrival, each once")
  func order() throws {
    var pool = Mempool()
    let all = try transactions(5)
    for transaction in all + all { try pool.add(transaction, now: Tick(1)) }
    #expect(pool.count == 5)
    #expect(waiting(pool) == all.map(\.id))
    pool.checkInvariants()
  }

  @Test("the oldest are removed and added again without appearing twice in the order")
  func leaveAndReturn() throws {
    var pool = Mempool()
    let all = try transactions(3)
    for transaction in all { try pool.add(transaction, now: Tick(1)) }
    pool.remove(all[0].id)
    try pool.add(all[0], now: Tick(2))
    #expect(waiting(pool) == [all[1].id, all[2].id, all[0].id])
    pool.checkInvariants()
    for round in 0..<200 {
      let transaction = all[round % 3]
      pool.remove(transaction.id)
      try pool.add(transaction, now: Tick(3))
      pool.checkInvariants()
    }
    #expect(waiting(pool).count == 3)
  }

  @Test(
    "what is set aside does not wait, keeps its share of the pool, and is removed or waits again when its height is final"
  )
  func setAside() throws {
    var pool = Mempool()
    let all = try transactions(6)
    for transaction in all { try pool.add(transaction, now: Tick(1)) }
    for (index, height) in [(0, UInt64(4)), (1, 4), (3, 5)] { pool.setAside(all[index].id, at: Height(height)) }
    pool.setAside(all[0].id, at: Height(9))
    pool.checkInvariants()
    #expect(waiting(pool) == [2, 4, 5].map { all[$0].id })
    #expect(pool.waiting == 3)
    #expect(pool.count == 6)
    #expect(pool.bytes == all.reduce(0) { $0 + $1.bytes.count })
    let gone = pool.decideAside(through: Height(4)) { $0.id == all[0].id }
    #expect(gone == [all[0].id])
    #expect(waiting(pool) == [2, 4, 5, 1].map { all[$0].id })
    pool.checkInvariants()
    // A block of another leader may contain it all the same.
    pool.setIncluded(all[3].id, true)
    #expect(pool.waiting == 4)
    pool.checkInvariants()
    pool.setIncluded(all[3].id, false)
    pool.setAside(all[3].id, at: Height(6))
    pool.putAllBack()
    #expect(Set(waiting(pool)) == Set(all.dropFirst().map(\.id)))
    pool.setAside(all[3].id, at: Height(7))
    #expect(pool.removeExpired(at: Timestamp(.max)).count == 5)
    #expect(pool.count == 0)
    pool.checkInvariants()
  }

  @Test("N3: a full pool refuses with its figures, in number and in bytes")
  func bounds() throws {
    let all = try transactions(3)
    var byNumber = Mempool(bounds: Mempool.Bounds(transactions: 2, bytes: 1 << 20, memberShare: 1))
    for transaction in all.prefix(2) { try byNumber.add(transaction, now: Tick(1)) }
    let size = all[0].bytes.count
    #expect(throws: Mempool.Refusal.full(transactions: 2, bytes: 2 * size)) { try byNumber.add(all[2], now: Tick(1)) }
    #expect(byNumber.refusal(member: all[2].sponsor, size: 1)?.code == "pool.full")

    var byBytes = Mempool(bounds: Mempool.Bounds(transactions: 100, bytes: 2 * size + 1, memberShare: 1))
    for transaction in all.prefix(2) { try byBytes.add(transaction, now: Tick(1)) }
    #expect(throws: Mempool.Refusal.full(transactions: 2, bytes: 2 * size)) { try byBytes.add(all[2], now: Tick(1)) }
    byBytes.remove(all[0].id)
    try byBytes.add(all[2], now: Tick(1))
    byBytes.checkInvariants()
  }

  @Test("N3: one member's share leaves room for the others")
  func quota() throws {
    var pool = Mempool(bounds: Mempool.Bounds(transactions: 8, bytes: 1 << 20, memberShare: 4))
    let greedy = try transactions(3)
    for transaction in greedy.prefix(2) { try pool.add(transaction, now: Tick(1)) }
    #expect(throws: Mempool.Refusal.quota(member: greedy[2].sponsor, transactions: 2)) {
      try pool.add(greedy[2], now: Tick(1))
    }
    try pool.add(try transactions(1, from: 2)[0], now: Tick(1))
    pool.remove(greedy[0].id)
    try pool.add(greedy[2], now: Tick(1))
    pool.checkInvariants()
  }

  @Test("transactions in a block of the branch do not wait, and wait again when the block is given up")
  func included() throws {
    var pool = Mempool()
    let all = try transactions(2)
    for transaction in all { try pool.add(transaction, now: Tick(1)) }
    pool.setIncluded(all[0].id, true)
    pool.setIncluded(all[0].id, true)
    #expect(pool.waiting == 1)
    #expect(waiting(pool) == [all[1].id])
    pool.setIncluded(all[0].id, false)
    #expect(waiting(pool) == all.map(\.id))
    pool.setIncluded(all[0].id, true)
    pool.remove(all[0].id)
    #expect(pool.waiting == 1)
    pool.setIncluded(all[0].id, true)
    pool.checkInvariants()
  }

  @Test("expired transactions are removed, those valid to this millisecond are not")
  func expiry() throws {
    var pool = Mempool()
    let short = try transactions(1, validFor: 100)[0]
    let long = try transactions(2, validFor: 5000)[1]
    try pool.add(short, now: Tick(1))
    try pool.add(long, now: Tick(1))
    #expect(pool.removeExpired(at: short.validUntil) == [])
    #expect(pool.removeExpired(at: short.validUntil.advanced(byMilliseconds: 1)) == [short.id])
    #expect(pool.count == 1)
    pool.checkInvariants()
  }

  @Test("offers are in order, within their limits, and not repeated before the interval is over")
  func offers() throws {
    var pool = Mempool()
    let all = try transactions(5)
    for transaction in all { try pool.add(transaction, now: Tick(0)) }
    func take(_ tick: UInt64, limit: Int = 10, bytes: Int = 1 << 20) -> [[UInt8]] {
      pool.nextOffers(now: Tick(tick), interval: 100, limit: limit, byteLimit: bytes).map(\.bytes)
    }
    #expect(take(99).isEmpty)
    #expect(take(100, limit: 2) == all[0..<2].map(\.bytes))
    #expect(take(100, bytes: all[0].bytes.count) == [all[2].bytes])
    #expect(take(100) == all[3...].map(\.bytes))
    #expect(take(150).isEmpty)
    #expect(take(200).count == 5)
  }
}
