internal import Primitives

/// A block that is requested by digest.
struct WantedBlock {
  let round: Round
  private(set) var nextAsk = Tick(0)
  private var wasHolderAsked = false
  private var isFirst = true
  private var turn = 0

  init(round: Round) { self.round = round }

  /// Whom to ask now; nobody while an answer may still come. First those who voted for the block and therefore have it,
  /// as soon as there is one; then the leader, who should have sent it unasked, and all others. One is asked the first
  /// time, and then two at a time, so that one silent peer costs one interval at most (attacks H2, H5).
  /// - Parameter holders: the peers that voted for the block.
  mutating func next(
    of connected: [PeerID], holders: Set<PeerID>, leader: PeerID?, now: Tick, retry: Tick
  ) -> [PeerID] {
    let isHeld = connected.contains { $0 != leader && holders.contains($0) }
    guard nextAsk <= now || isHeld && !wasHolderAsked else { return [] }
    nextAsk = retry
    if isHeld, !wasHolderAsked {
      wasHolderAsked = true
      turn = 0
    }
    let rank = { (peer: PeerID) in peer == leader ? 1 : holders.contains(peer) ? 0 : 2 }
    let inTurn = connected.sorted { (rank($0), $0) < (rank($1), $1) }
    let asked = (0..<min(isFirst ? 1 : 2, inTurn.count)).map { inTurn[(turn + $0) % inTurn.count] }
    isFirst = false
    turn += asked.count
    return asked
  }
}
