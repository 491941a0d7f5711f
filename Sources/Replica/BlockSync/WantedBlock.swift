internal import Primitives

/// A block that is requested by digest.
struct WantedBlock {
  var round: Round
  var nextAsk: Tick
  private var tries = 0
  private var turn = 0

  init(round: Round, nextAsk: Tick) {
    self.round = round
    self.nextAsk = nextAsk
  }

  /// Whom to ask now: the leader alone the first time, and then two others in turn, so that one silent peer costs one
  /// interval at most (attack H2). The leader takes part in the turns too, after the others.
  mutating func next(of connected: [PeerID], leader: PeerID?) -> [PeerID] {
    tries += 1
    if tries == 1, let leader, connected.contains(leader) { return [leader] }
    let inTurn = connected.filter { $0 != leader } + connected.filter { $0 == leader }
    let asked = (0..<min(2, inTurn.count)).map { inTurn[(turn + $0) % inTurn.count] }
    turn += asked.count
    return asked
  }
}
