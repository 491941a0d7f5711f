import Primitives
import Testing

@testable import Replica

@Testing.Suite("What peers send that is of no use")
struct WasteBudgetTests {
  private let peer = PeerID(1)

  /// Charges frames of `bytes` bytes, `each` microseconds apart. Returns the pauses, in microseconds.
  private func pauses(_ frames: Int, of bytes: Int, each: UInt64) -> [UInt64] {
    var budget = WasteBudget()
    return (0..<frames).compactMap { frame in
      let now = Tick(UInt64(frame) * each)
      return budget.charge(bytes, to: peer, now: now)?.microseconds(since: now)
    }
  }

  @Test("H14: a peer may send 32 MiB of no use at once; then it is not read until the excess has drained")
  func burst() {
    var budget = WasteBudget()
    let frames = Limits.wastedBytes / (1 << 20)
    for _ in 0..<frames { #expect(budget.charge((1 << 20) - 1024, to: peer, now: Tick(0)) == nil) }
    let end = budget.charge((1 << 20) - 1024, to: peer, now: Tick(0))
    #expect(end == Tick(250_000 + 15_626))
    #expect(budget.charge(0, to: PeerID(2), now: Tick(0)) == nil)
    // What had been read before the pause adds to the next one, not to this.
    #expect(budget.charge(1 << 20, to: peer, now: Tick(1000)) == nil)
    #expect(budget.charge(0, to: peer, now: Tick(265_626)) != nil)
    #expect(budget.charge(0, to: peer, now: Tick(60_000_000)) == nil)
  }

  @Test("H14: however small the frames are, no more than 4,096 a second are read for long")
  func small() {
    var budget = WasteBudget()
    var now: UInt64 = 0
    var read = 0
    while now < 60_000_000 {
      read += 1
      now += 10
      if let end = budget.charge(0, to: peer, now: Tick(now)) { now = max(now, end.rawValue) }
    }
    #expect(read <= 32_768 + 61 * 4096)
  }

  @Test("H14: what correct nodes send that is of no use causes no pause")
  func correct() {
    // Votes beyond the quorum, certificates and repeated votes, 500 views a second.
    #expect(pauses(120_000, of: 512, each: 500) == [])
    // All new transactions of its clients, which others sent here, and waiting ones, offered again; they count a quarter.
    #expect(pauses(1000, of: (Limits.offerRate + Limits.offeredBytes) / 40, each: 100_000) == [])
    // A full queue of transactions that were held back.
    let full = Limits.peerQueueBytes / 4 / Limits.peerQueueFrames
    #expect(pauses(Limits.peerQueueFrames, of: full, each: 1) == [])
  }
}
