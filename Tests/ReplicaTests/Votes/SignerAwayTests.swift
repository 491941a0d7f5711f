import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("A signer that is away")
struct SignerAwayTests {
  private let harness: ReplicaHarness

  init() throws {
    harness = try ReplicaHarness(validators: 4, own: 0, isSignerElsewhere: true)
    harness.isSignerAway = true
  }

  private var said: [Notice] {
    harness.notices.filter {
      switch $0 {
      case .signerAway, .signerBack, .signerDeclined: true
      default: false
      }
    }
  }

  private func giveBack() {
    harness.isSignerAway = false
    harness.step(.signerBack)
  }

  @Test("R49: a node whose signer is away says so once, and neither votes nor stops; when it is back, it votes")
  func saysSo() throws {
    let block = harness.block([try harness.transaction()])
    try harness.propose(block, view: 1)
    harness.run(milliseconds: 5000)
    #expect(harness.votes.isEmpty)
    #expect(harness.stopReason == nil)
    guard case .signerAway(let refusal)? = said.first, said.count == 1 else { return #expect(Bool(false), "\(said)") }
    #expect(refusal.code == "node.signer-away")
    giveBack()
    // In the order in which it was decided: first for the block, then against the view.
    #expect(harness.votes == [.notarize(harness.proposal(block, view: 1)), harness.nullify(1)])
    guard case .signerBack? = said.last else { return #expect(Bool(false), "\(said)") }
  }

  @Test("R49: what waited for the signer is not said any more once its view is final")
  func overtaken() throws {
    let block = harness.block([try harness.transaction()])
    try harness.propose(block, view: 1)
    let proposal = harness.proposal(block, view: 1)
    let result = try harness.points([block])[0].result
    harness.receive(.certificate(try harness.certificate(.notarize(proposal), by: [1, 2, 3])), from: 1)
    harness.receive(
      .certificate(try harness.certificate(.finalize(proposal, result: result), by: [1, 2, 3])), from: 1)
    #expect(harness.commits.count == 1)
    giveBack()
    #expect(harness.votes.isEmpty)
    let next = harness.block([try harness.transaction()], on: try harness.points([block])[0])
    try harness.propose(next, view: 2, parent: 1)
    #expect(harness.votes == [.notarize(harness.proposal(next, view: 2, parent: 1))])
  }

  @Test("R49: a leader whose signer is away proposes nothing, and its block is proposed if the signer is back in time")
  func leader() throws {
    let own = (1...4).first { harness.leader(of: UInt64($0)) == 0 } ?? 4
    for view in 1..<own {
      harness.receive(
        .certificate(try harness.certificate(harness.nullify(UInt64(view)), by: [1, 2, 3])), from: 1)
    }
    harness.submit(try harness.transaction())
    harness.run(milliseconds: 20)
    #expect(harness.votes.isEmpty)
    #expect(!harness.sent.contains { if case .proposal = $0.message { true } else { false } })
    giveBack()
    #expect(harness.sent.contains { if case .proposal = $0.message { true } else { false } })
  }

  @Test("R49: a signer that goes away again while it signs what waited leaves the rest waiting, in order")
  func awayAgain() throws {
    try harness.propose(harness.block([try harness.transaction()]), view: 1)
    harness.run(milliseconds: 5000)
    harness.step(.signerBack)
    #expect(harness.votes.isEmpty)
    guard case .signerAway? = said.last, said.count == 3 else { return #expect(Bool(false), "\(said)") }
    giveBack()
    #expect(harness.votes.map(\.kind) == [.notarize, .nullify])
  }

  @Test("R49: a signer that is away for the first question is asked everything anew and in order")
  func order() throws {
    harness.isSignerPrompt = false
    try harness.propose(harness.block([try harness.transaction()]), view: 1)
    harness.run(milliseconds: 5000)
    let asked = harness.signings
    #expect(asked.map(\.statement.kind) == [.notarize, .nullify])
    harness.answerSigning()
    giveBack()
    // The answer to the second question comes late, and the statement is signed again, behind the first.
    #expect(harness.signings.map(\.statement) == [asked[1].statement] + asked.map(\.statement))
    harness.answerSigning(3)
    #expect(harness.votes == asked.map(\.statement))
    #expect(harness.stopReason == nil)
  }

  @Test("R49: what was decided while the signer was away is signed at the next start, and nothing contradicts it")
  func restarted() throws {
    let block = harness.block([try harness.transaction()])
    try harness.propose(block, view: 1)
    #expect(harness.log.map(\.kind).suffix(1) == [.statement])
    try harness.restart()
    #expect(harness.votes == [.notarize(harness.proposal(block, view: 1))])
    let other = harness.block([try harness.transaction()])
    try harness.propose(other, view: 1)
    #expect(harness.votes.count == 1)
  }

  @Test("R49: however long the signer is away, a bounded number of statements waits, and those of the newest views")
  func bounded() throws {
    let last = UInt64(3 * Limits.withheldStatements)
    for view in 1...last {
      harness.run(milliseconds: 5000)
      harness.receive(.certificate(try harness.certificate(harness.nullify(view), by: [1, 2, 3])), from: 1)
    }
    giveBack()
    #expect(harness.votes.count <= Limits.withheldStatements)
    #expect(harness.votes.allSatisfy { $0.view.rawValue > last - UInt64(Limits.withheldStatements) })
    #expect(harness.stopReason == nil)
  }

  @Test("R49: what only the signer has when the node loses power is recorded at the next start, and sent again")
  func onlySigned() throws {
    harness.isSignerAway = false
    harness.isDiskPrompt = false
    let block = harness.block([try harness.transaction()])
    try harness.propose(block, view: 1)
    #expect(harness.votes.isEmpty, "its record is not durable")
    let said = Statement.notarize(harness.proposal(block, view: 1))
    try harness.restart()
    #expect(harness.log.last == PendingRecord(said))
    #expect(harness.votes == [said])
    // As long as that is so, the consensus knows of it and decides on no other block.
    let other = harness.block([try harness.transaction()])
    try harness.propose(other, view: 1)
    #expect(harness.votes == [said] && harness.stopReason == nil)
  }

  @Test(
    "R49: a signer that has not answered does not hold up the node, and its answer is sent although it is away again")
  func slow() throws {
    harness.isSignerAway = false
    harness.isSignerPrompt = false
    let block = harness.block([try harness.transaction()])
    try harness.propose(block, view: 1)
    harness.run(milliseconds: 5000)
    #expect(harness.votes.isEmpty && harness.signings.count == 2)
    harness.step(.signerAway(.away(reason: "a test")))
    harness.answerSigning(2)
    #expect(harness.votes == [.notarize(harness.proposal(block, view: 1)), harness.nullify(1)])
  }

  @Test("R49: what the signer declines at a start is not said again, and still binds the node")
  func declinedAtStart() throws {
    harness.isSignerAway = false
    let block = harness.block([try harness.transaction()])
    try harness.propose(block, view: 1)
    #expect(harness.votes.count == 1)
    harness.closeSigner(through: Round(epoch: .first, view: View(1)))
    harness.forgetSent()
    try harness.restart()
    #expect(harness.votes.isEmpty)
    // A certificate with the node's own signature is no sign of a second process.
    let proposal = harness.proposal(block, view: 1)
    harness.receive(.certificate(try harness.certificate(.notarize(proposal), by: [0, 1, 2])), from: 1)
    let other = harness.block([try harness.transaction()])
    try harness.propose(other, view: 1)
    #expect(harness.votes.filter { $0.kind == .notarize }.isEmpty && harness.stopReason == nil)
  }

  @Test("R49: what a signer signed and the log contradicts, because the node went on without that signer, is left out")
  func contradicted() throws {
    harness.isSignerAway = false
    let block = harness.block([try harness.transaction()])
    try harness.propose(block, view: 1)
    harness.run(milliseconds: 5000)
    let proposal = harness.proposal(block, view: 1)
    #expect(Set(harness.votes) == [.notarize(proposal), harness.nullify(1)])
    harness.forgetSigner()
    harness.rememberInSigner(.finalize(proposal, result: .zero))
    let count = harness.log.count
    try harness.restart()
    #expect(harness.log.count == count)
    harness.receive(.certificate(try harness.certificate(harness.nullify(1), by: [1, 2, 3])), from: 1)
    harness.forgetSent()
    let next = harness.block([try harness.transaction()])
    try harness.propose(next, view: 2)
    #expect(harness.votes == [.notarize(harness.proposal(next, view: 2))], "it goes on voting")
    #expect(harness.stopReason == nil)
  }
}
