import Ledger
import Primitives
import Replica
import Testing

@testable import NodeCore

@Testing.Suite("What a node finds out about its peers and its machine")
struct FindingsTests {
  private struct Refused: ExplainedError {
    let code = "peer.unreachable"
    let explanation = "connection refused"
    let nextStep = ""
  }

  private static let noon: UInt64 = 1_900_000_000_000

  /// A node of four that is linked with all others, and the time.
  private struct Board {
    var diagnosis: Diagnosis
    var tick = Tick(10_000_000)
    var observations = Observations()
    var height: UInt64 = 0

    var now: Now { Now(tick: tick, wall: Timestamp(FindingsTests.noon + tick.rawValue / 1000)) }
    var findings: [Finding] { diagnosis.findings(index: nil, now) }
    var codes: [String] { findings.map(\.code) }

    init(own: UInt16? = 0, choices: Diagnosis.Choices = Diagnosis.Choices()) {
      let running = RunningEpoch(
        epoch: .first, validators: (1...4).map { "node\($0)" }, own: own.map { ValidatorIndex($0) }, ownKey: nil,
        longestTimeout: 4_000_000)
      diagnosis = Diagnosis(running, height: .genesis)
      diagnosis.begin(choices, Tick(0))
      for number in 1...4 where number - 1 != own.map({ Int($0) }) {
        diagnosis.link("node\(number)", true, Tick(0))
      }
    }

    mutating func pass(seconds: UInt64) { tick = tick.advanced(byMicroseconds: seconds * 1_000_000) }

    mutating func observe(_ change: (inout Observations) -> Void = { _ in }) {
      change(&observations)
      diagnosis.observe(observations, tick)
    }

    /// A block of the leader of this view, whose clock is ahead by these milliseconds.
    mutating func commit(view: UInt64, ahead: Int64 = 0) {
      height += 1
      pass(seconds: 1)
      diagnosis.finalized(
        Height(height), Round(epoch: .first, view: View(view)), Timestamp(UInt64(Int64(now.wall.rawValue) + ahead)), now
      )
    }

    mutating func giveUp(view: UInt64, isLeaders: Bool = true) {
      pass(seconds: 1)
      diagnosis.note(.gaveUp(View(view), reason: "nothing came", isLeaders: isLeaders), now)
    }
  }

  @Test("A node on which nothing is wrong finds nothing")
  func nothing() {
    var board = Board()
    for view in 1..<20 as Range<UInt64> {
      board.commit(view: view)
      board.observe {
        $0.height = Height(view)
        $0.indexHeight = Height(view)
        $0.peerHeights = [Height(view), Height(view), Height(view)]
        $0.descriptors = Observations.Usage(used: 100, limit: 1000)
        $0.memory = Observations.Usage(used: 1 << 28, limit: 1 << 32)
        $0.volumes = [
          Observations.Volume(folder: "log", freeBytes: 1 << 36, totalBytes: 1 << 38, freeFiles: 900, totalFiles: 1000)
        ]
      }
      #expect(board.codes == [])
    }
  }

  @Test("A validator without a link is named, with the last error and since when, also while there is a quorum")
  func unreachable() {
    var board = Board()
    board.diagnosis.link("node3", false, because: CodecError.truncated(offset: 0, missing: 2), board.tick)
    #expect(board.findings.first?.explanation.contains("last error: [encoding.truncated]") == true)
    board.pass(seconds: 4)
    board.observe { $0.linkFaults = ["node3": Refused()] }
    let finding = board.findings.first
    #expect(board.codes == ["validator.unreachable"])
    #expect(finding?.subject == Finding.Subject(.validator, "node3"))
    #expect(finding?.severity == .warning)
    #expect(finding?.since == Timestamp(Self.noon + 10_000))
    #expect(finding?.explanation.contains("[peer.unreachable] connection refused") == true)
    board.diagnosis.link("node4", false, board.tick)
    #expect(board.codes == ["chain.no-quorum", "validator.unreachable", "validator.unreachable"])
    board.diagnosis.link("node3", true, board.tick)
    board.diagnosis.link("node4", true, board.tick)
    #expect(board.codes == [])
  }

  @Test("Just after the start a link that was lost is named, and none that was never made; neither leader is accused")
  func young() {
    let running = RunningEpoch(
      epoch: .first, validators: (1...4).map { "node\($0)" }, own: ValidatorIndex(0), ownKey: nil,
      longestTimeout: 4_000_000)
    var diagnosis = Diagnosis(running, height: .genesis)
    let now = Now(tick: Tick(2_000_000), wall: Timestamp(Self.noon))
    diagnosis.begin(Diagnosis.Choices(), Tick(0))
    for number in 2...3 { diagnosis.link("node\(number)", true, Tick(0)) }
    for view in [3, 7] as [UInt64] { diagnosis.note(.gaveUp(View(view), reason: "nothing came", isLeaders: true), now) }
    #expect(diagnosis.findings(index: nil, now).isEmpty)
    diagnosis.link("node4", true, Tick(1_000_000))
    diagnosis.link("node4", false, Tick(1_500_000))
    for view in [3, 7] as [UInt64] { diagnosis.note(.gaveUp(View(view), reason: "nothing came", isLeaders: true), now) }
    #expect(diagnosis.findings(index: nil, now).map(\.subject.name) == ["node4"])
    #expect(diagnosis.findings(index: nil, now).map(\.code) == ["validator.unreachable"])
  }

  @Test("A linked leader whose last two turns ended without a block is named until one does not")
  func leader() {
    var board = Board()
    // Views 2 and 6 are node3's.
    board.giveUp(view: 2)
    #expect(board.codes == [])
    board.giveUp(view: 6)
    #expect(board.codes == ["leader.turns-fail"])
    #expect(board.findings.first?.subject.name == "node3")
    board.commit(view: 10)
    #expect(board.codes == [])
    // A reason that speaks against nobody is counted against nobody.
    for view in [2, 6, 10] as [UInt64] { board.giveUp(view: view, isLeaders: false) }
    #expect(board.codes == [])
    // A node that cannot take part itself accuses nobody.
    for view in [2, 6] as [UInt64] { board.giveUp(view: view) }
    #expect(board.codes == ["leader.turns-fail"])
    board.diagnosis.note(.listening, board.now)
    #expect(board.codes == ["node.listening"])
    board.diagnosis.note(.votingResumed(above: Round(epoch: .first, view: View(9))), board.now)
    board.commit(view: 10)
    #expect(board.codes == [])
    // Turns that ended while this node had no quorum are held against nobody afterwards, its own among them.
    for number in 3...4 { board.diagnosis.link("node\(number)", false, board.tick) }
    for view in [1, 5, 2, 6, 4, 8] as [UInt64] { board.giveUp(view: view) }
    for number in 3...4 { board.diagnosis.link("node\(number)", true, board.tick) }
    #expect(board.codes == [])
    // Nor do failed turns count twice that are explained by a missing link.
    for view in [2, 6] as [UInt64] { board.giveUp(view: view) }
    board.diagnosis.link("node3", false, board.tick)
    #expect(board.codes == ["validator.unreachable"])
    // A node that was away for some turns and is back is well at once.
    for view in [10, 14] as [UInt64] { board.giveUp(view: view) }
    board.diagnosis.link("node3", true, board.tick)
    #expect(board.codes == [])
  }

  @Test("A node whose own turns fail says so of itself, whatever the reason")
  func ownTurns() {
    var board = Board()
    for view in [4, 8] as [UInt64] { board.giveUp(view: view, isLeaders: false) }
    #expect(board.codes == ["leader.own-turns-fail"])
  }

  @Test("One leader's clock that is ahead is that leader's; those of most others are this node's, which is then behind")
  func clocks() {
    var board = Board()
    board.commit(view: 1)
    board.commit(view: 2, ahead: 5000)
    #expect(board.codes == ["clock.peer-ahead"])
    #expect(board.findings.first?.subject == Finding.Subject(.clock, "node3"))
    #expect(board.findings.first?.explanation.contains("5000 ms") == true)
    // Who takes over a time that is ahead of its own clock is not ahead itself.
    board.diagnosis.finalized(
      Height(3), Round(epoch: .first, view: View(3)), board.now.wall.advanced(byMilliseconds: 5001), board.now)
    #expect(board.codes == ["clock.peer-ahead"])
    board.commit(view: 5, ahead: 6500)
    board.commit(view: 6, ahead: 6500)
    #expect(board.codes == ["clock.behind"])
    #expect(board.findings.first?.subject == Finding.Subject(.clock))
    for view in 9...11 as ClosedRange<UInt64> { board.commit(view: view, ahead: 0) }
    board.pass(seconds: 61)
    #expect(board.codes == [])
  }

  @Test("A block that is refused because its time is ahead names its leader's clock")
  func timeAhead() {
    var board = Board()
    board.diagnosis.note(.timeAhead(Round(epoch: .first, view: View(3)), milliseconds: 60_000), board.now)
    #expect(board.codes == ["clock.peer-ahead"])
    #expect(board.findings.first?.subject.name == "node4")
  }

  @Test("A node that does not get what a correct validator has says so after ten seconds; one liar does not make it")
  func behind() {
    var board = Board()
    func look(_ heights: [UInt64]) -> (inout Observations) -> Void {
      { $0.peerHeights = heights.map { Height($0) } }
    }
    board.observe(look([1_000_000, 0, 0]))
    board.pass(seconds: 20)
    board.observe(look([1_000_000, 0, 0]))
    #expect(board.codes == [] && board.diagnosis.isLevel(board.tick))
    board.observe(look([50, 50, 0]))
    board.pass(seconds: 11)
    #expect(board.codes == ["node.behind"])
    #expect(!board.diagnosis.isLevel(board.tick))
    // Nor does a node do better that says that it is catching up, unless it fetches a whole state.
    board.diagnosis.note(.catchingUp(from: Height(1), to: View(9)), board.now)
    #expect(board.codes == ["node.catching-up", "node.behind"])
    board.diagnosis.note(.joining(Height(50), chunks: 1, here: 0), board.now)
    #expect(board.codes == ["node.joining", "node.catching-up"])
    board.diagnosis.note(.caughtUp(Height(0)), board.now)
    // Rising is enough.
    board.observe { $0.height = Height(1) }
    #expect(board.codes == [])
  }

  @Test("A disk is filling if little is left, or if it is full within a day; a large one that shrinks slowly is not")
  func disk() {
    var board = Board()
    func look(free: UInt64) -> (inout Observations) -> Void {
      {
        $0.volumes = [
          Observations.Volume(folder: "log", freeBytes: free, totalBytes: 1000 << 30, freeFiles: 0, totalFiles: 0)
        ]
      }
    }
    board.observe(look(free: 49 << 30))
    #expect(board.codes == ["disk.filling"])
    board = Board()
    var free: UInt64 = 150 << 30
    for _ in 0..<10 {
      board.observe(look(free: free))
      free -= 1 << 30
      board.pass(seconds: 60)
    }
    #expect(board.codes == ["disk.filling"])
    #expect(board.findings.first?.explanation.contains("full in 2 h") == true, "\(board.findings)")
    board = Board()
    free = 900 << 30
    for _ in 0..<10 {
      board.observe(look(free: free))
      free -= 1 << 30
      board.pass(seconds: 60)
    }
    #expect(board.codes == [])
  }

  @Test("Inodes, descriptors, memory, a slow disk, queues and the pool are named with their figures")
  func machine() {
    var board = Board()
    board.observe {
      $0.volumes = [
        Observations.Volume(
          folder: "log", freeBytes: 1 << 40, totalBytes: 1 << 40, freeFiles: 10, totalFiles: 1000)
      ]
      $0.descriptors = Observations.Usage(used: 950, limit: 1000)
      $0.memory = Observations.Usage(used: 950 << 20, limit: 1000 << 20)
      $0.longestSync = 2_000_000
      $0.inputs = Observations.Usage(used: 900, limit: 1000)
      $0.poolTransactions = Observations.Usage(used: 80, limit: 100)
      $0.poolBytes = Observations.Usage(used: 1, limit: 100)
      $0.largestShare = Name("greedy").map { Mempool.LargestShare(member: $0, transactions: 70, bytes: 1) }
    }
    #expect(
      board.codes == [
        "disk.inodes", "disk.slow", "process.descriptors", "process.memory", "queue.filling", "pool.filling",
      ])
    let texts = board.findings.map(\.explanation)
    for (text, part) in zip(texts, ["10 more files", "2000 ms", "950 of 1000", "950 MiB", "900 of 1000", "greedy: 70"])
    {
      #expect(text.contains(part), "\(text)")
    }
    // A finding keeps its beginning for as long as it holds.
    let since = board.findings.map(\.since)
    board.pass(seconds: 30)
    board.observe { $0.longestSync = 0 }
    #expect(board.findings.map(\.since) == since)
    board.pass(seconds: 31)
    board.observe { $0 = Observations() }
    #expect(board.codes == [])
  }

  @Test("An index that stands still, failed snapshots and dropped messages are named, and choices that surprise")
  func rest() {
    var choices = Diagnosis.Choices()
    choices.isAPIInsecure = true
    choices.prunesWithoutArchive = true
    var board = Board(choices: choices)
    board.observe {
      $0.height = Height(9)
      $0.indexHeight = Height(3)
      $0.droppedMessages = 4
    }
    board.diagnosis.snapshotFailed(CodecError.truncated(offset: 0, missing: 2), board.tick)
    board.pass(seconds: 11)
    #expect(
      board.codes == [
        "index.behind", "snapshot.failing", "node.messages-dropped", "api.unprotected", "history.no-archive",
      ])
    board.diagnosis.snapshotMade()
    board.observe { $0.indexHeight = Height(9) }
    board.pass(seconds: 601)
    board.observe()
    #expect(board.codes == ["api.unprotected", "history.no-archive"])
    #expect(board.findings.allSatisfy { $0.severity == .notice })
  }

  @Test("A line is written when a finding begins and when it is over, and none in between")
  func announcements() {
    var board = Board()
    var announcements = Announcements()
    #expect(announcements.update(board.findings).isEmpty)
    board.diagnosis.link("node3", false, board.tick)
    guard case .began(let finding)? = announcements.update(board.findings).first else {
      Issue.record("nothing began")
      return
    }
    #expect(finding.code == "validator.unreachable")
    board.pass(seconds: 5)
    #expect(announcements.update(board.findings).isEmpty)
    board.diagnosis.link("node3", true, board.tick)
    guard case .ended(let over)? = announcements.update(board.findings).first else {
      Issue.record("nothing ended")
      return
    }
    #expect(over.code == finding.code && over.subject == finding.subject && over.since == finding.since)
  }
}
