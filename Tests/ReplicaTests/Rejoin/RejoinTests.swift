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

  /// The state of a node whose log has these votes of its key.
  private func rejoin(_ votes: OwnKey.Votes) -> Rejoin {
    let configuration = harness.configuration
    return Rejoin(VotingMemory(writer: configuration.ownKey, votes: votes, keys: OwnKeys(), bar: nil), configuration)
  }

  @Test("R30: listening ends when this node reaches what a quorum reported, with a bar two views above, in the log")
  mutating func bar() {
    var rejoin = rejoin(.lost)
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
    var voting = rejoin(.complete)
    voting.begin(&harness.context)
    #expect(harness.context.effects.notices.isEmpty)
    var listening = rejoin(.lost)
    for _ in 0..<3 { listening.begin(&harness.context) }
    #expect(harness.context.effects.notices.count == 1)
  }
}
