import LedgerJSON
import Primitives
import Replica
import Testing

@testable import Node

@Testing.Suite("The health of a node")
struct HealthMonitorTests {
  private static let sole = QuorumWatch.Chain(validators: ["node1"], own: ValidatorIndex(0), longestTimeout: 4_000_000)
  private static func board(of count: Int) -> HealthMonitor {
    let names = (1...count).map { "node\($0)" }
    let board = HealthMonitor(
      QuorumWatch.Chain(validators: names, own: ValidatorIndex(0), longestTimeout: 4_000_000), height: Height(7))
    board.begin(Tick(0))
    return board
  }
  private static func seconds(_ count: UInt64) -> Tick { Tick(count * 1_000_000) }

  @Test("C7: a node that lost its votes is unhealthy until a view above its bar is final")
  func votingBar() {
    let board = HealthMonitor(Self.sole, height: .genesis)
    board.note(.listening)
    #expect(board.complaints(Tick(0)).map(\.code) == ["node.listening"])
    board.note(.votingResumed(above: Round(epoch: .first, view: View(7))))
    #expect(board.complaints(Tick(0)).map(\.code) == ["node.not-voting-yet"])
    board.finalized(Round(epoch: .first, view: View(7)))
    #expect(board.complaints(Tick(0)).map(\.code) == ["node.not-voting-yet"])
    board.finalized(Round(epoch: .first, view: View(8)))
    #expect(board.complaints(Tick(0)).isEmpty)
  }

  @Test("After a restart the bar in the log counts as if it had just been set")
  func restart() {
    let board = HealthMonitor(Self.sole, height: .genesis)
    board.awaitFinality(above: Round(epoch: .first, view: View(3)))
    #expect(board.complaints(Tick(0)).map(\.code) == ["node.not-voting-yet"])
    board.finalized(Round(epoch: .first, view: View(4)))
    #expect(board.complaints(Tick(0)).isEmpty)
  }

  @Test("A state is no longer being fetched once the blocks have arrived")
  func overtaken() {
    let board = HealthMonitor(Self.sole, height: .genesis)
    board.note(.catchingUp(from: Height(1), to: View(9)))
    board.note(.joining(Height(8), chunks: 1, here: 0))
    #expect(board.complaints(Tick(0)).map(\.code) == ["node.joining", "node.catching-up"])
    board.note(.caughtUp(Height(9)))
    #expect(board.complaints(Tick(0)).isEmpty)
  }

  @Test("A state that was set aside is no longer being fetched, and the blocks still are")
  func setAside() {
    let board = HealthMonitor(Self.sole, height: .genesis)
    board.note(.catchingUp(from: Height(1), to: View(9)))
    board.note(.joining(Height(8), chunks: 1, here: 0))
    board.note(.joinEnded(Height(8)))
    #expect(board.complaints(Tick(0)).map(\.code) == ["node.catching-up"])
  }

  @Test(
    "A chain is healthy with links to a quorum and not with one fewer, for every size",
    arguments: [1, 2, 3, 4, 5, 7, 100])
  func quorum(count: Int) {
    let board = Self.board(of: count)
    let needed = Quorum(validators: count).size - 1
    for peer in 0..<needed {
      #expect(board.complaints(Self.seconds(60)).map(\.code) == ["chain.no-quorum"])
      board.link("node\(peer + 2)", true)
    }
    #expect(board.complaints(Self.seconds(60)).isEmpty)
    guard needed > 0 else { return }
    board.link("node2", false)
    #expect(board.complaints(Self.seconds(60)).map(\.code) == ["chain.no-quorum"])
  }

  @Test("Missing validators are named, with the number needed and the last final height")
  func names() {
    let board = Self.board(of: 4)
    board.link("node2", true)
    let message = board.complaints(Self.seconds(60)).first?.message ?? ""
    #expect(message.contains("missing: node3, node4"))
    #expect(message.contains("1 of the 3 other validators and needs 2"))
    #expect(message.contains("above height 7"))
    let many = Self.board(of: 100).complaints(Self.seconds(60)).first?.message ?? ""
    #expect(many.contains("node11 and 89 more"))
  }

  @Test("Just after the start the node says that it is connecting, which is not healthy either")
  func connecting() {
    let board = Self.board(of: 4)
    #expect(board.complaints(Self.seconds(4)).map(\.code) == ["node.connecting"])
    #expect(board.complaints(Self.seconds(5)).map(\.code) == ["chain.no-quorum"])
    // A node that had links to a quorum and lost them no longer counts as connecting.
    let young = Self.board(of: 4)
    for peer in 1...2 { young.link("node\(peer + 1)", true) }
    #expect(young.complaints(Self.seconds(2)).isEmpty)
    young.link("node2", false)
    #expect(young.complaints(Self.seconds(3)).map(\.code) == ["chain.no-quorum"])
  }

  @Test("Work that is not final after three of the longest time-outs is a standstill; a quiet chain is not")
  func standstill() {
    let board = Self.board(of: 4)
    for peer in 1...3 { board.link("node\(peer + 1)", true) }
    #expect(board.complaints(Self.seconds(1000)).isEmpty)
    board.work(true, Self.seconds(1000))
    #expect(board.complaints(Self.seconds(1012)).isEmpty)
    let message = board.complaints(Self.seconds(1013)).first
    #expect(message?.code == "chain.stalled")
    #expect(message?.message.contains("for 13 s") == true && message?.message.contains("height is 7") == true)
    // Any final block counts as progress, even if more work waits.
    board.finalized(Height(8), Self.seconds(1014))
    board.work(true, Self.seconds(1015))
    #expect(board.complaints(Self.seconds(1020)).isEmpty)
    #expect(board.complaints(Self.seconds(1027)).map(\.code) == ["chain.stalled"])
    board.work(false, Self.seconds(1030))
    #expect(board.complaints(Self.seconds(2000)).isEmpty)
  }

  @Test("R48: an epoch of other validators needs links to a quorum of them, and those to observers do not count")
  func epochs() {
    let board = Self.board(of: 4)
    for peer in 2...4 { board.link("node\(peer)", true) }
    func begin(_ validators: [String], own: UInt16?) {
      board.note(
        .beganEpoch(
          RunningEpoch(
            epoch: Epoch(1), validators: validators, own: own.map { ValidatorIndex($0) }, ownKey: nil,
            longestTimeout: 4_000_000)))
    }
    begin(["node1", "node5", "node6", "node7"], own: 0)
    let later = Clock.tick().advanced(byMicroseconds: 60_000_000)
    let message = board.complaints(later).first?.message ?? ""
    #expect(message.contains("0 of the 3 other validators and needs 2") && message.contains("node5, node6, node7"))
    for peer in 5...6 { board.link("node\(peer)", true) }
    #expect(board.complaints(later).isEmpty)
    // An observer needs a whole quorum.
    begin(["node2", "node3", "node4", "node5"], own: nil)
    #expect(board.complaints(later).isEmpty)
    // Who left the directory is not linked, whatever the network has still to say.
    board.list(["node1", "node2", "node3"])
    #expect(board.complaints(later).first?.message.contains("2 of the 4 other validators and needs 3") == true)
  }

  @Test("A node with a reason of its own does not report that the chain stands still")
  func ownReason() {
    let board = Self.board(of: 4)
    for peer in 1...3 { board.link("node\(peer + 1)", true) }
    board.work(true, Self.seconds(1))
    board.note(.catchingUp(from: Height(1), to: View(9)))
    #expect(board.complaints(Self.seconds(60)).map(\.code) == ["node.catching-up"])
  }

  @Test("A peer that misbehaved is named for ten minutes, with what it did last and how often")
  func misbehaviour() {
    let board = Self.board(of: 4)
    #expect(board.misbehaving(Self.seconds(1)).isEmpty)
    _ = board.misbehaved("node3", code: "vote.bad-signature", explanation: "first", Self.seconds(1))
    _ = board.misbehaved("node3", code: "encoding.truncated", explanation: "second", Self.seconds(3))
    _ = board.misbehaved("node2", code: "peer.empty-frame", explanation: "a frame of length 0", Self.seconds(500))
    #expect(
      board.misbehaving(Self.seconds(510)) == [
        MisbehavingPeer(
          peer: "node2", code: "peer.empty-frame", message: "a frame of length 0", times: 1, millisecondsAgo: 10_000),
        MisbehavingPeer(
          peer: "node3", code: "encoding.truncated", message: "second", times: 2, millisecondsAgo: 507_000),
      ])
    #expect(board.misbehaving(Self.seconds(604)).map(\.peer) == ["node2"])
  }

  @Test("H8: a peer that misbehaves without end fills no log: one line a second, with the number of those left out")
  func misbehaviourLines() {
    let board = Self.board(of: 4)
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
