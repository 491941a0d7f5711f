import Ledger
import Primitives
import Replica
import Testing

@testable import NodeCore

@Testing.Suite("The health of a node")
struct HealthMonitorTests {
  private static let sole = running(["node1"])
  private static func running(_ names: [String], own: UInt16? = 0, epoch: Epoch = .first) -> RunningEpoch {
    RunningEpoch(
      epoch: epoch, validators: names, own: own.map { ValidatorIndex($0) }, ownKey: nil, longestTimeout: 4_000_000)
  }
  private static func board(of count: Int) -> Diagnosis {
    var board = Diagnosis(running((1...count).map { "node\($0)" }), height: Height(7))
    board.begin(Diagnosis.Choices(), Tick(0))
    return board
  }
  private static let noon: UInt64 = 1_900_000_000_000
  /// The tick 0 is at noon.
  private static func now(_ tick: Tick) -> Now { Now(tick: tick, wall: Timestamp(noon + tick.rawValue / 1000)) }
  private static func seconds(_ count: UInt64) -> Tick { Tick(count * 1_000_000) }

  @Test("C7: a node that lost its votes is unhealthy until a view above its bar is final")
  func votingBar() {
    var board = Diagnosis(Self.sole, height: .genesis)
    board.note(.listening, Self.now(Tick(0)))
    #expect(board.complaints(Tick(0)).map(\.code) == ["node.listening"])
    board.note(.votingResumed(above: Round(epoch: .first, view: View(7))), Self.now(Tick(0)))
    #expect(board.complaints(Tick(0)).map(\.code) == ["node.not-voting-yet"])
    board.finalized(Height(1), Round(epoch: .first, view: View(7)), Timestamp(0), Self.now(Tick(0)))
    #expect(board.complaints(Tick(0)).map(\.code) == ["node.not-voting-yet"])
    board.finalized(Height(1), Round(epoch: .first, view: View(8)), Timestamp(0), Self.now(Tick(0)))
    #expect(board.complaints(Tick(0)).isEmpty)
  }

  @Test("After a restart the bar in the log counts as if it had just been set")
  func restart() {
    var board = Diagnosis(Self.sole, height: .genesis)
    board.awaitFinality(above: Round(epoch: .first, view: View(3)), Tick(0))
    #expect(board.complaints(Tick(0)).map(\.code) == ["node.not-voting-yet"])
    board.finalized(Height(1), Round(epoch: .first, view: View(4)), Timestamp(0), Self.now(Tick(0)))
    #expect(board.complaints(Tick(0)).isEmpty)
  }

  @Test("A state is no longer being fetched once the blocks have arrived")
  func overtaken() {
    var board = Diagnosis(Self.sole, height: .genesis)
    board.note(.catchingUp(from: Height(1), to: View(9)), Self.now(Tick(0)))
    board.note(.joining(Height(8), chunks: 1, here: 0), Self.now(Tick(0)))
    #expect(board.complaints(Tick(0)).map(\.code) == ["node.joining", "node.catching-up"])
    board.note(.caughtUp(Height(9)), Self.now(Tick(0)))
    #expect(board.complaints(Tick(0)).isEmpty)
  }

  @Test("A state that was set aside is no longer being fetched, and the blocks still are")
  func setAside() {
    var board = Diagnosis(Self.sole, height: .genesis)
    board.note(.catchingUp(from: Height(1), to: View(9)), Self.now(Tick(0)))
    board.note(.joining(Height(8), chunks: 1, here: 0), Self.now(Tick(0)))
    board.note(.joinEnded(Height(8)), Self.now(Tick(0)))
    #expect(board.complaints(Tick(0)).map(\.code) == ["node.catching-up"])
  }

  @Test(
    "A chain is healthy with links to a quorum and not with one fewer, for every size",
    arguments: [1, 2, 3, 4, 5, 7, 100])
  func quorum(count: Int) {
    var board = Self.board(of: count)
    let needed = Quorum(validators: count).size - 1
    for peer in 0..<needed {
      #expect(board.complaints(Self.seconds(60)).map(\.code) == ["chain.no-quorum"])
      board.link("node\(peer + 2)", true, Tick(0))
    }
    #expect(board.complaints(Self.seconds(60)).isEmpty)
    guard needed > 0 else { return }
    board.link("node2", false, Tick(0))
    #expect(board.complaints(Self.seconds(60)).map(\.code) == ["chain.no-quorum"])
  }

  @Test("Missing validators are named, with the number needed and the last final height")
  func names() {
    var board = Self.board(of: 4)
    board.link("node2", true, Tick(0))
    let message = board.complaints(Self.seconds(60)).first?.explanation ?? ""
    #expect(message.contains("missing: node3, node4"))
    #expect(message.contains("1 of the 3 other validators and needs 2"))
    #expect(message.contains("above height 7"))
    let many = Self.board(of: 100).complaints(Self.seconds(60)).first?.explanation ?? ""
    #expect(many.contains("node11 and 89 more"))
  }

  @Test("Just after the start the node says that it is connecting, which is not healthy either")
  func connecting() {
    let board = Self.board(of: 4)
    #expect(board.complaints(Self.seconds(4)).map(\.code) == ["node.connecting"])
    #expect(board.complaints(Self.seconds(5)).map(\.code) == ["chain.no-quorum"])
    // A node that had links to a quorum and lost them no longer counts as connecting.
    var young = Self.board(of: 4)
    for peer in 1...2 { young.link("node\(peer + 1)", true, Tick(0)) }
    #expect(young.complaints(Self.seconds(2)).isEmpty)
    young.link("node2", false, Tick(0))
    #expect(young.complaints(Self.seconds(3)).map(\.code) == ["chain.no-quorum"])
  }

  @Test("Work that is not final after three of the longest time-outs is a standstill; a quiet chain is not")
  func standstill() {
    var board = Self.board(of: 4)
    for peer in 1...3 { board.link("node\(peer + 1)", true, Tick(0)) }
    #expect(board.complaints(Self.seconds(1000)).isEmpty)
    board.work(true, Self.seconds(1000))
    #expect(board.complaints(Self.seconds(1012)).isEmpty)
    let message = board.complaints(Self.seconds(1013)).first
    #expect(message?.code == "chain.stalled")
    #expect(message?.explanation.contains("for 13 s") == true && message?.explanation.contains("height is 7") == true)
    // Any final block counts as progress, even if more work waits.
    board.finalized(Height(8), nil, Timestamp(0), Self.now(Self.seconds(1014)))
    board.work(true, Self.seconds(1015))
    #expect(board.complaints(Self.seconds(1020)).isEmpty)
    #expect(board.complaints(Self.seconds(1027)).map(\.code) == ["chain.stalled"])
    board.work(false, Self.seconds(1030))
    #expect(board.complaints(Self.seconds(2000)).isEmpty)
  }

  @Test("R48: an epoch of other validators needs links to a quorum of them, and those to observers do not count")
  func epochs() {
    var board = Self.board(of: 4)
    for peer in 2...4 { board.link("node\(peer)", true, Tick(0)) }
    func begin(_ validators: [String], own: UInt16?) {
      board.note(.beganEpoch(Self.running(validators, own: own, epoch: Epoch(1))), Self.now(Tick(0)))
    }
    begin(["node1", "node5", "node6", "node7"], own: 0)
    let later = Self.seconds(60)
    let message = board.complaints(later).first?.explanation ?? ""
    #expect(message.contains("0 of the 3 other validators and needs 2") && message.contains("node5, node6, node7"))
    for peer in 5...6 { board.link("node\(peer)", true, Tick(0)) }
    #expect(board.complaints(later).isEmpty)
    // An observer needs a whole quorum.
    begin(["node2", "node3", "node4", "node5"], own: nil)
    #expect(board.complaints(later).isEmpty)
    // Who left the directory is not linked, whatever the network has still to say.
    board.list(["node1", "node2", "node3"], Tick(0))
    #expect(board.complaints(later).first?.explanation.contains("2 of the 4 other validators and needs 3") == true)
  }

  @Test("A node with a reason of its own does not report that the chain stands still")
  func ownReason() {
    var board = Self.board(of: 4)
    for peer in 1...3 { board.link("node\(peer + 1)", true, Tick(0)) }
    board.work(true, Self.seconds(1))
    board.note(.catchingUp(from: Height(1), to: View(9)), Self.now(Tick(0)))
    #expect(board.complaints(Self.seconds(60)).map(\.code) == ["node.catching-up"])
  }

  @Test(
    "A peer that misbehaved is named for ten minutes, with what it did last and how often, and the node stays healthy")
  func misbehaviour() {
    var board = Self.board(of: 1)
    _ = board.misbehaved("node3", code: "vote.bad-signature", explanation: "first", Self.seconds(1))
    _ = board.misbehaved("node3", code: "encoding.truncated", explanation: "second", Self.seconds(3))
    _ = board.misbehaved("node2", code: "peer.empty-frame", explanation: "a frame of length 0", Self.seconds(500))
    let named = board.misbehaviour.recent(Self.seconds(510))
    #expect(named.map(\.name) == ["node2", "node3"])
    #expect(named.map(\.entry.code) == ["peer.empty-frame", "encoding.truncated"])
    #expect(named.map(\.entry.times) == [1, 2])
    #expect(board.misbehaviour.recent(Self.seconds(604)).map(\.name) == ["node2"])
    #expect(board.complaints(Self.seconds(510)).isEmpty)
    #expect(board.codes(Self.seconds(510)) == ["peer.misbehaving", "peer.misbehaving"])
  }

  @Test("H8: a peer that misbehaves without end fills no log: one line a second, with the number of those left out")
  func misbehaviourLines() {
    var board = Self.board(of: 4)
    var lines: [Int] = []
    for millisecond in 0..<3000 as Range<UInt64> {
      let said = board.misbehaved("node3", code: "a", explanation: "", Tick(1_000_000 + millisecond * 1000))
      if let said { lines.append(said) }
    }
    #expect(lines == [0, 999, 999])
    #expect(board.misbehaved("node2", code: "a", explanation: "", Tick(4_000_000)) == 0)
    // Something else is worth a line sooner.
    #expect(board.misbehaved("node3", code: "b", explanation: "", Tick(4_000_000)) == 999)
    #expect(board.misbehaved("node3", code: "a", explanation: "", Tick(4_050_000)) == nil)
    #expect(board.misbehaved("node3", code: "b", explanation: "", Tick(4_100_000)) == 1)
  }
}

extension Diagnosis {
  fileprivate func complaints(_ tick: Tick) -> [Finding] { all(tick).filter { $0.severity == .critical } }
  fileprivate func codes(_ tick: Tick) -> [String] { all(tick).map(\.code) }
  private func all(_ tick: Tick) -> [Finding] {
    findings(index: nil, Now(tick: tick, wall: Timestamp(1_900_000_000_000 + tick.rawValue / 1000)))
  }
}
