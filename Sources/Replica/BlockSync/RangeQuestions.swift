internal import Primitives

/// The questions for ranges of blocks: who is asked, when others are asked as well, and whose answers are accepted.
///
/// The peer that answered well last is asked alone. Without such a peer two are asked at once, and whenever no answer
/// has come in time, the next ones are asked as well: so a silent or slow peer costs no more than a fraction of a retry
/// interval, once (attack H2). A late answer remains welcome.
struct RangeQuestions {
  private enum State {
    /// Other peers wait for this one.
    case open
    /// Others have been asked because of its delay.
    case overdue
    /// It was answered, or is of no interest any more.
    case settled
  }

  private struct Question {
    var from: Height
    var askedAt: Tick
    var dueAt: Tick
    var state = State.open
    /// Answers still accepted: one for each question, so that a peer cannot fill memory with answers.
    var owed: Int
  }

  private var questions: [PeerID: Question] = [:]
  private var ranking = PeerRanking()
  /// How long others wait for an answer; nil for the least time.
  private var patience: UInt64?
  /// No peer is asked before this.
  private var nextAsk = Tick(0)
  private var lastAsk = Tick(0)
  /// When to look at the questions again; nil for at once.
  private(set) var reviewAt: Tick?
  /// The peers that gave nothing since the last useful answer.
  private var fruitless: Set<PeerID> = []
  private var askedAlone = 0

  /// The pause before the next peer is asked if one has nothing, in microseconds. It keeps a question that nobody can
  /// answer yet from circulating nonstop.
  private static let pause: UInt64 = 10_000
  /// How many answers a peer may owe. A frame that was lost is owed for good.
  private static let owedLimit = 2
  /// How many peers are asked at once if none is known to be good.
  private static let width = 2
  /// After so many questions to one peer alone, another is asked as well: the faster one is asked alone from then on.
  private static let comparison = 16

  private static func leastPatience(_ retry: UInt64) -> UInt64 { retry / 2 }
  private static func longestPatience(_ retry: UInt64) -> UInt64 { 16 * retry }
  /// The time after which an unanswered question may be repeated to the same peer.
  private static func repetition(_ retry: UInt64) -> UInt64 { 4 * retry }

  func isAwaited(_ peer: PeerID) -> Bool { questions[peer]?.state == .open }

  /// Whether all these peers were asked in vain since the last useful answer.
  func areFruitless(_ peers: borrowing Set<PeerID>) -> Bool { !peers.isEmpty && peers.isSubset(of: fruitless) }

  // MARK: Asking

  /// The peers to ask now for blocks from a height on.
  /// - Parameter spacing: the least time between two questions.
  mutating func ask(
    from height: Height, _ connected: Set<PeerID>, spacing: UInt64, now: Tick, retry: UInt64
  ) -> [PeerID] {
    if let reviewAt, now < reviewAt { return [] }
    closeOverdue(now, retry)
    let due = questions.values.lazy.filter { $0.state == .open }.map(\.dueAt).min()
    let earliest = spacing == 0 ? nextAsk : max(nextAsk, lastAsk.advanced(byMicroseconds: spacing))
    guard earliest <= now else {
      reviewAt = min(earliest, due ?? earliest)
      return []
    }
    let asked = candidates(connected, now, retry)
    let dueAt = now.advanced(byMicroseconds: patience ?? Self.leastPatience(retry))
    for peer in asked {
      ranking.asked(peer)
      let owed = min((questions[peer]?.owed ?? 0) + 1, Self.owedLimit)
      questions[peer] = Question(from: height, askedAt: now, dueAt: dueAt, owed: owed)
      lastAsk = now
    }
    reviewAt = due ?? (asked.isEmpty ? nextChance(connected, retry) : dueAt)
    return asked
  }

  private mutating func closeOverdue(_ now: Tick, _ retry: UInt64) {
    var isAny = false
    for (peer, question) in questions where question.state == .open && question.dueAt <= now {
      questions[peer]?.state = .overdue
      ranking.failed(peer, isSilent: true, now, retry: retry)
      fruitless.insert(peer)
      isAny = true
    }
    if isAny { patience = min(2 * (patience ?? Self.leastPatience(retry)), Self.longestPatience(retry)) }
  }

  /// The favourite alone, or as many others as make two with those whose answers are awaited.
  private mutating func candidates(_ connected: Set<PeerID>, _ now: Tick, _ retry: UInt64) -> [PeerID] {
    let open = connected.filter { isAwaited($0) }
    guard open.count < Self.width, !open.contains(where: { $0 == ranking.favourite }) else { return [] }
    let free = connected.filter { !open.contains($0) && (availableAt($0, retry) ?? now) <= now }
    let best = ranking.order(free, now: now)
    guard open.isEmpty, let first = best.first, first == ranking.favourite, askedAlone < Self.comparison else {
      askedAlone = 0
      return Array(best.prefix(Self.width - open.count))
    }
    askedAlone += 1
    return [first]
  }

  /// When a peer that owes the answer to a recent question may be asked again: the answer may take long.
  private func availableAt(_ peer: PeerID, _ retry: UInt64) -> Tick? {
    guard let question = questions[peer], question.state == .overdue else { return nil }
    return question.askedAt.advanced(byMicroseconds: Self.repetition(retry))
  }

  private func nextChance(_ connected: Set<PeerID>, _ retry: UInt64) -> Tick? {
    connected.lazy.map { max(ranking.rest(of: $0), availableAt($0, retry) ?? Tick(0)) }.min()
  }

  // MARK: Answers

  /// Notes an answer, of whatever content. Returns nil if no answer of this peer is accepted.
  mutating func accept(from peer: PeerID, now: Tick) -> RangeAnswer? {
    guard var question = questions[peer], question.owed > 0 else { return nil }
    question.owed -= 1
    questions[peer] = question
    return RangeAnswer(
      from: question.from, elapsed: now.microseconds(since: question.askedAt), isTimely: now < question.dueAt,
      isLast: question.owed == 0)
  }

  /// The answer of a peer is being checked; nobody needs to wait for this peer.
  mutating func answered(_ peer: PeerID) {
    questions[peer]?.state = .settled
    reviewAt = nil
  }

  /// The answer was of no use, or the peer does not have the blocks any more.
  mutating func failed(_ peer: PeerID, _ now: Tick, retry: UInt64) {
    answered(peer)
    ranking.failed(peer, isSilent: false, now, retry: retry)
    fruitless.insert(peer)
  }

  /// The peer has no more blocks than this node: if it was asked, the next peer is asked soon.
  mutating func refused(_ peer: PeerID, _ now: Tick, retry: UInt64) {
    guard isAwaited(peer) else { return }
    answered(peer)
    ranking.refused(peer, now, retry: retry)
    fruitless.insert(peer)
    nextAsk = max(nextAsk, now.advanced(byMicroseconds: Self.pause))
  }

  /// A peer's answer brought the chain forward. The other questions are of no interest any more.
  /// - Parameter isFull: whether the peer gave as much as it may give at once, or all that was missing.
  mutating func served(_ peer: PeerID, _ answer: RangeAnswer, isFull: Bool, retry: UInt64) {
    if isFull, answer.isTimely { ranking.served(peer) } else { ranking.helped(peer) }
    // Only an answer with which others competed teaches patience: a peer that was asked alone could stretch it.
    let least = Self.leastPatience(retry)
    let learned = min(max(2 * answer.elapsed, least), Self.longestPatience(retry))
    patience = answer.isTimely ? min(learned, patience ?? least) : learned
    fruitless = []
    settleAll()
  }

  /// Nothing is missing any more.
  mutating func end() {
    patience = nil
    nextAsk = Tick(0)
    fruitless = []
    ranking.wakeAll()
    settleAll()
  }

  private mutating func settleAll() {
    for peer in questions.keys { questions[peer]?.state = .settled }
    reviewAt = nil
  }

  // MARK: Links

  mutating func connect(_ peer: PeerID) {
    ranking.connected(peer)
    reviewAt = nil
  }

  mutating func disconnect(_ peer: PeerID) {
    questions[peer] = nil
    fruitless.remove(peer)
    ranking.disconnected(peer)
    reviewAt = nil
  }
}
