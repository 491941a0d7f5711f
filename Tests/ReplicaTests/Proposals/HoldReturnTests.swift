import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Return of expired holds")
struct HoldReturnTests {
  private static let payer = AccountName(Population.banks[0])

  /// A node that is alone and has placed holds that expire after so many milliseconds.
  private func harness(expiringAfter delays: [UInt64]) throws -> ReplicaHarness {
    let harness = try ReplicaHarness(validators: 1, own: 0)
    let (asset, issuer) = (Population.asset, Population.issuer)
    harness.submit(
      try harness.transaction(
        [
          .assetDefine(asset: asset, issuer: issuer, decimals: 2, description: ""),
          .assetIssue(asset: asset, to: Self.payer, amount: Amount(100_000)),
        ], of: issuer))
    let places = try delays.enumerated().map { index, delay in
      Operation.holdPlace(
        asset: asset, from: Self.payer, to: AccountName(Population.banks[1]), amount: Amount(10),
        reference: try #require(HoldReference("order-\(index)")),
        expires: harness.now.wall.advanced(byMilliseconds: delay))
    }
    harness.submit(try harness.transaction(places, of: Population.banks[0]))
    #expect(available(harness) == Amount(UInt128(100_000 - 10 * delays.count)))
    return harness
  }

  private func available(_ harness: ReplicaHarness) -> Amount {
    harness.replica.chain.ledger.settledBalance(Self.payer, asset: Population.asset)
  }

  @Test("M2: an idle chain returns a hold when every correct clock is past its expiry, and then rests")
  func idleChain() throws {
    let harness = try harness(expiringAfter: [60_000])
    let before = harness.commits.count
    harness.advance(milliseconds: 60_000 + Limits.clockDriftMilliseconds - 1)
    #expect(available(harness) == Amount(99_990))
    #expect(harness.commits.count == before)
    harness.advance(milliseconds: 1)
    #expect(available(harness) == Amount(100_000))
    #expect(harness.commits.count == before + 1)
    harness.run(milliseconds: 600_000)
    #expect(harness.commits.count == before + 1)
  }

  @Test("M2: holds that expire one after the other each start a block of an idle chain")
  func oneAfterTheOther() throws {
    let harness = try harness(expiringAfter: [600_000, 30_000])
    harness.run(milliseconds: 100_000)
    #expect(available(harness) == Amount(99_990))
    harness.run(milliseconds: 600_000)
    #expect(available(harness) == Amount(100_000))
  }

  @Test("M2: a node that starts after the expiry of a hold returns it at once")
  func afterStart() throws {
    let harness = try harness(expiringAfter: [60_000])
    harness.now.wall = harness.now.wall.advanced(byMilliseconds: 200_000)
    try harness.restart()
    harness.run(milliseconds: 5000)
    #expect(available(harness) == Amount(100_000))
  }

  @Test("M2: a hold that ended before its expiry starts no block")
  func endedBefore() throws {
    let harness = try harness(expiringAfter: [60_000])
    harness.submit(
      try harness.transaction(
        [
          .holdRelease(
            asset: Population.asset, from: Self.payer, to: AccountName(Population.banks[1]),
            reference: try #require(HoldReference("order-0")))
        ], of: Population.banks[1]))
    #expect(available(harness) == Amount(100_000))
    let before = harness.commits.count
    harness.run(milliseconds: 600_000)
    #expect(harness.commits.count == before)
  }

  @Test("M2: holds that are still due when an epoch ends are returned in the next one, and its work goes on")
  func acrossEpochs() throws {
    let harness = try harness(expiringAfter: Array(repeating: 60_000, count: 6500))
    harness.now.wall = harness.now.wall.advanced(byMilliseconds: 80_000)
    // The closing block and the opening block return 2,000 each.
    harness.submit(try harness.change(of: harness.replica.chain.ledger.tip, timeout: 2000))
    harness.run(milliseconds: 10_000)
    #expect(harness.replica.chain.committed.above.epoch == Epoch(1))
    #expect(available(harness) == Amount(100_000))
    let before = harness.commits.count
    harness.submit(try harness.transaction())
    harness.run(milliseconds: 1000)
    #expect(harness.commits.count > before)
  }
}
