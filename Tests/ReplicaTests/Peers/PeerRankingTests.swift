import Primitives
import Testing

@testable import Replica

@Testing.Suite("The ranking of peers")
struct PeerRankingTests {
  private let peers: Set<PeerID> = [PeerID(1), PeerID(2), PeerID(3)]
  private let retry: UInt64 = 200_000
  private var ranking = PeerRanking()

  private func order(at now: UInt64) -> [UInt16] { ranking.order(peers, now: Tick(now)).map(\.rawValue) }

  @Test("Whoever answered well last comes first; the others come in the order in which they were asked")
  mutating func favourite() {
    #expect(order(at: 0) == [1, 2, 3])
    for peer in [1, 2, 3] { ranking.asked(PeerID(UInt16(peer))) }
    ranking.asked(PeerID(1))
    #expect(order(at: 0) == [2, 3, 1])
    ranking.served(PeerID(1))
    #expect(order(at: 0) == [1, 2, 3])
    ranking.served(PeerID(3))
    #expect(order(at: 0) == [3, 2, 1])
  }

  @Test("H2: a silent peer comes last for a pause that doubles with each question in vain, up to a bound")
  mutating func silence() {
    var pauses: [UInt64] = []
    for _ in 0..<9 {
      ranking.failed(PeerID(1), isSilent: true, Tick(0), retry: retry)
      ranking.failed(PeerID(2), isSilent: true, Tick(0), retry: retry)
      ranking.failed(PeerID(2), isSilent: true, Tick(0), retry: retry)
      #expect(order(at: 0).first == 3)
      let end = (0...8).map { retry << UInt64($0) }.first { ranking.order(peers, now: Tick($0)).first != PeerID(3) }
      pauses.append(end ?? .max)
    }
    // After its pause it still comes behind a peer that never failed.
    #expect(pauses.allSatisfy { $0 == .max })
    #expect(order(at: 64 * retry) == [3, 1, 2])
  }

  @Test("H2: a peer whose answers are of no use is left alone until its pause is over, even if there is no other")
  mutating func useless() {
    for _ in 0..<20 { ranking.failed(PeerID(2), isSilent: false, Tick(0), retry: retry) }
    #expect(order(at: 64 * retry - 1) == [1, 3])
    #expect(order(at: 64 * retry) == [1, 3, 2])
  }

  @Test("A peer that has nothing yet rests for moments only, and a new link wakes it")
  mutating func refusal() {
    ranking.refused(PeerID(1), Tick(0), retry: retry)
    #expect(order(at: 9999) == [2, 3])
    #expect(order(at: 10_000) == [1, 2, 3])
    for _ in 0..<20 { ranking.refused(PeerID(1), Tick(0), retry: retry) }
    #expect(order(at: retry / 2) == [1, 2, 3])
    ranking.refused(PeerID(1), Tick(0), retry: retry)
    ranking.connected(PeerID(1))
    #expect(order(at: 0) == [1, 2, 3])
  }

  @Test("H2: a short or late answer does not make a favourite, and a new link does not make up for silence")
  mutating func helped() {
    ranking.served(PeerID(1))
    ranking.helped(PeerID(1))
    #expect(ranking.favourite == nil)
    #expect(order(at: 0) == [2, 3, 1])
    ranking.failed(PeerID(2), isSilent: true, Tick(0), retry: retry)
    ranking.failed(PeerID(2), isSilent: true, Tick(0), retry: retry)
    ranking.connected(PeerID(2))
    #expect(order(at: 0) == [3, 1, 2])
  }
}
