import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("The same key twice")
struct KeyElsewhereTests {
  @Test("C9: a certificate with a vote that this node never made stops its votes and says so")
  func certificate() throws {
    let bench = try Bench(validators: 4, own: 0)
    let statement = bench.nullify(1)
    bench.receive(.certificate(try bench.certificate(statement, by: [0, 1, 2])), from: 1)
    #expect(bench.stopReason == .ownKeyElsewhere(statement))
    #expect(bench.stopReason?.code == "node.key-used-elsewhere")
    bench.submit(try bench.transaction())
    try bench.propose(bench.block([try bench.transaction()]), view: 2)
    bench.run(milliseconds: 5000)
    #expect(bench.votes.isEmpty)
  }

  @Test("C9: a certificate with the own vote from before a restart is no reason to stop")
  func ownVoteBeforeRestart() throws {
    let bench = try Bench(validators: 4, own: 0)
    let block = bench.block([try bench.transaction()])
    try bench.propose(block, view: 1)
    #expect(bench.votes.count == 1)
    try bench.restart()
    let proposal = bench.proposal(block, view: 1)
    bench.receive(.certificate(try bench.certificate(.notarize(proposal), by: [0, 1, 2])), from: 1)
    #expect(bench.stopReason == nil)
    #expect(bench.votes.contains { $0.kind == .finalize })
  }

  @Test("C9: a vote in the own name from a peer is not even checked")
  func voteFromPeer() throws {
    let bench = try Bench(validators: 4, own: 0)
    bench.areWorkersPrompt = false
    bench.receive(.vote(try bench.vote(bench.nullify(1), by: 0)), from: 1)
    bench.receive(.vote(try bench.vote(bench.nullify(1), by: 2)), from: 1)
    #expect(bench.requests.isEmpty)
    #expect(bench.stopReason == nil)
  }

  @Test("C7: a node that lost its directory listens, and votes only above the bar that a quorum's word gives")
  func listening() throws {
    let bench = try Bench(validators: 4, own: 0, origin: .joined)
    #expect(bench.isListening)
    try bench.propose(bench.block([try bench.transaction()]), view: 1)
    bench.run(milliseconds: 3000)
    #expect(bench.votes.isEmpty)
    let status = PeerStatus(epoch: .first, view: View(1), finalizedView: .genesis, height: .genesis)
    bench.receive(.status(status), from: 1)
    bench.receive(.status(status), from: 2)
    #expect(bench.isListening)
    // One that claims to be far ahead proves nothing.
    bench.receive(
      .status(PeerStatus(epoch: .first, view: View(.max), finalizedView: .genesis, height: .genesis)), from: 3)
    #expect(bench.isListening)
    bench.receive(.status(status), from: 3)
    #expect(!bench.isListening)
    for view in UInt64(1)...3 {
      bench.receive(.certificate(try bench.certificate(bench.nullify(view), by: [1, 2, 3])), from: 1)
    }
    #expect(bench.votes.isEmpty, "views 1 to 3 are at or below the bar")
    bench.submit(try bench.transaction())
    #expect(bench.votes.map(\.view) == [View(4)])
    try bench.restart()
    #expect(!bench.isListening)
    bench.run(milliseconds: 200)
    #expect(bench.votes.allSatisfy { $0.view >= View(4) })
  }
}
