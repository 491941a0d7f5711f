import Consensus
import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("The rejoining machine")
struct RejoinTests {
  private let harness: MachineHarness
  private var peers = Peers(nextStatus: Tick(0))

  init() throws { harness = try MachineHarness() }

  private mutating func report(_ view: UInt64, by peer: UInt16) {
    peers.connect(PeerID(peer))
    let status = PeerStatus(epoch: .first, view: View(view), finalizedView: .genesis, height: .genesis)
    peers.receive(status, from: PeerID(peer), harness.consensus, &harness.context)
  }

  @Test("R30: listening ends when this node reaches what a quorum reported, with a bar two views above, in the log")
  mutating func bar() {
    var rejoin = Rejoin(isListening: true, bar: nil)
    report(1, by: 1)
    report(1, by: 2)
    report(2, by: 3)
    let early = rejoin.end(peers, harness.consensus, isCatchingUp: false, &harness.context)
    #expect(early == nil)
    report(1, by: 3)
    let behind = rejoin.end(peers, harness.consensus, isCatchingUp: true, &harness.context)
    #expect(behind == nil)
    #expect(harness.context.effects.records.isEmpty)
    let bar = rejoin.end(peers, harness.consensus, isCatchingUp: false, &harness.context)
    #expect(bar == harness.round(3))
    #expect(harness.context.effects.records.map(\.kind) == [.votingBar])
    #expect(!rejoin.isListening)
    let again = rejoin.end(peers, harness.consensus, isCatchingUp: false, &harness.context)
    #expect(again == nil)
  }

  @Test("A listening node reports this once")
  mutating func begins() {
    var voting = Rejoin(isListening: false, bar: nil)
    voting.begin(&harness.context)
    #expect(harness.context.effects.notices.isEmpty)
    var listening = Rejoin(isListening: true, bar: nil)
    for _ in 0..<3 { listening.begin(&harness.context) }
    #expect(harness.context.effects.notices.count == 1)
  }
}
