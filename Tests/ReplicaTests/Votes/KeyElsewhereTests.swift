import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("The same key twice")
struct KeyElsewhereTests {
  @Test("C9: a certificate with a vote that this node never signed stops its voting and is reported")
  func certificate() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    let statement = harness.nullify(1)
    harness.receive(.certificate(try harness.certificate(statement, by: [0, 1, 2])), from: 1)
    #expect(harness.stopReason == .ownKeyElsewhere(statement))
    #expect(harness.stopReason?.code == "node.key-used-elsewhere")
    harness.submit(try harness.transaction())
    try harness.propose(harness.block([try harness.transaction()]), view: 2)
    harness.run(milliseconds: 5000)
    #expect(harness.votes.isEmpty)
  }

  @Test("C9: a certificate with the node's own vote from before a restart is no reason to stop")
  func ownVoteBeforeRestart() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    let block = harness.block([try harness.transaction()])
    try harness.propose(block, view: 1)
    #expect(harness.votes.count == 1)
    try harness.restart()
    let proposal = harness.proposal(block, view: 1)
    harness.receive(.certificate(try harness.certificate(.notarize(proposal), by: [0, 1, 2])), from: 1)
    #expect(harness.stopReason == nil)
    #expect(harness.votes.contains { $0.kind == .finalize })
  }

  @Test("C9: a vote in the node's own name from a peer is not even checked")
  func voteFromPeer() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    harness.areWorkersPrompt = false
    harness.receive(.vote(try harness.vote(harness.nullify(1), by: 0)), from: 1)
    harness.receive(.vote(try harness.vote(harness.nullify(1), by: 2)), from: 1)
    #expect(harness.requests.isEmpty)
    #expect(harness.stopReason == nil)
  }

  @Test(
    "C9: a node stops voting when more validators than can be faulty say that its key is used elsewhere, not before")
  func reported() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    for _ in 0..<3 { harness.step(.keyReported(by: PeerID(1))) }
    harness.step(.keyReported(by: PeerID(0)))
    harness.step(.keyReported(by: PeerID(9)))
    #expect(harness.stopReason == nil)
    let reporters = harness.notices.compactMap { if case .keyReported(let peer) = $0 { peer } else { nil } }
    #expect(reporters == [PeerID(1)])
    try harness.propose(harness.block([try harness.transaction()]), view: 1)
    #expect(harness.votes.count == 1)
    harness.step(.keyReported(by: PeerID(3)))
    #expect(harness.stopReason == .ownKeyReported(validators: 2))
    #expect(harness.stopReason?.code == "node.key-used-elsewhere")
    try harness.propose(harness.block([try harness.transaction()]), view: 2)
    harness.run(milliseconds: 5000)
    #expect(harness.votes.count == 1)
  }

  @Test("C7: a node that lost its directory listens, and votes only above the bar that a quorum's reports give")
  func listening() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0, origin: .joined)
    #expect(harness.isListening)
    try harness.propose(harness.block([try harness.transaction()]), view: 1)
    harness.run(milliseconds: 3000)
    #expect(harness.votes.isEmpty)
    let status = PeerStatus(epoch: .first, view: View(1), finalizedView: .genesis, height: .genesis)
    harness.receive(.status(status), from: 1)
    harness.receive(.status(status), from: 2)
    #expect(harness.isListening)
    // One that claims to be far ahead proves nothing.
    harness.receive(
      .status(PeerStatus(epoch: .first, view: View(.max), finalizedView: .genesis, height: .genesis)), from: 3)
    #expect(harness.isListening)
    harness.receive(.status(status), from: 3)
    #expect(!harness.isListening)
    for view in UInt64(1)...3 {
      harness.receive(.certificate(try harness.certificate(harness.nullify(view), by: [1, 2, 3])), from: 1)
    }
    #expect(harness.votes.isEmpty, "views 1 to 3 are at or below the bar")
    harness.submit(try harness.transaction())
    #expect(harness.votes.map(\.view) == [View(4)])
    try harness.restart()
    #expect(!harness.isListening)
    harness.run(milliseconds: 200)
    #expect(harness.votes.allSatisfy { $0.view >= View(4) })
  }
}
