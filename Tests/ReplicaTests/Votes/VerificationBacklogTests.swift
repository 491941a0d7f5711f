import Consensus
import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Only votes that can matter are verified")
struct VerificationBacklogTests {
  private let harness: ReplicaHarness

  init() throws {
    harness = try ReplicaHarness(validators: 4, own: 0)
    harness.areWorkersPrompt = false
  }

  private func answerAll() {
    while let request = harness.requests.first { harness.verify(request) }
  }

  private var areAllAnswered: Bool { harness.replica.context.tickets.count == 0 }

  /// The notarize of view 1, said by its leader and by this node.
  private func notarized() throws -> Statement {
    let block = harness.block()
    try harness.propose(block, view: 1)
    answerAll()
    let statement = Statement.notarize(harness.proposal(block, view: 1))
    #expect(harness.votes == [statement])
    return statement
  }

  @Test("With four validators, votes beyond a quorum are not checked")
  func beyondQuorum() throws {
    let statement = try notarized()
    harness.receive(.vote(try harness.vote(statement, by: 2)), from: 2)
    harness.receive(.vote(try harness.vote(statement, by: 3)), from: 3)
    #expect(harness.requests.map(\.items.count) == [1])
    answerAll()
    #expect(
      harness.replica.consensus.certificate(for: Round(epoch: .first, view: View(1)), .notarize)?.signers.map(
        \.rawValue) == [0, 1, 2])
    #expect(areAllAnswered)
  }

  @Test("C4: an invalid vote does not cost a valid one: a vote that was put aside takes its place")
  func badVote() throws {
    let statement = try notarized()
    var forged = try harness.vote(statement, by: 2)
    forged.signature = try harness.vote(statement, by: 3).signature
    harness.receive(.vote(forged), from: 2)
    harness.receive(.vote(try harness.vote(statement, by: 3)), from: 3)
    #expect(harness.requests.count == 1)
    answerAll()
    #expect(harness.blame == ["vote.bad-signature"])
    #expect(
      harness.replica.consensus.certificate(for: Round(epoch: .first, view: View(1)), .notarize)?.signers.map(
        \.rawValue) == [0, 1, 3])
    #expect(areAllAnswered)
  }

  @Test("R6: a validator that contradicts an earlier, unchecked vote of its own is still found to equivocate")
  func evidence() throws {
    let statement = try notarized()
    for peer in 2...3 { harness.receive(.vote(try harness.vote(statement, by: peer)), from: peer) }
    answerAll()
    let other = Statement.notarize(harness.proposal(harness.block([try harness.transaction()]), view: 1))
    harness.receive(.vote(try harness.vote(other, by: 3)), from: 3)
    #expect(harness.requests.count == 2)
    answerAll()
    #expect(
      harness.notices.contains { notice in
        guard case .equivocated(ValidatorIndex(3), let first, let second) = notice else { return false }
        return Set([first, second]) == [statement, other]
      })
  }

  @Test("R25: a vote repeated after its certificate is answered, unchecked, with the certificate that ended the view")
  func repeated() throws {
    let certificate = try harness.certificate(harness.nullify(1), by: [1, 2, 3])
    harness.receive(.certificate(certificate), from: 2)
    answerAll()
    let late = PeerMessage.vote(try harness.vote(harness.nullify(1), by: 3))
    harness.receive(late, from: 3)
    harness.forgetSent()
    harness.receive(late, from: 3)
    #expect(harness.requests.isEmpty)
    #expect(harness.sent.map(\.to) == [.peer(PeerID(3))])
    #expect(harness.sent.map(\.message) == [.certificate(certificate)])
  }

  @Test("Votes and copies that arrive while a certificate is being checked cost nothing once it is verified")
  func copies() throws {
    let good = try harness.certificate(harness.nullify(1), by: [1, 2, 3])
    for peer in 1...3 { harness.receive(.certificate(good), from: peer) }
    for peer in 1...3 { harness.receive(.vote(try harness.vote(harness.nullify(1), by: peer)), from: peer) }
    #expect(harness.requests.map(\.items.count) == [3])
    answerAll()
    #expect(harness.replica.status.view == View(2))
    #expect(harness.blame.isEmpty)
    #expect(areAllAnswered)
  }

  @Test("A certificate whose votes are being checked waits for them")
  func certificateAfterVotes() throws {
    for peer in 1...3 { harness.receive(.vote(try harness.vote(harness.nullify(1), by: peer)), from: peer) }
    harness.receive(.certificate(try harness.certificate(harness.nullify(1), by: [1, 2, 3])), from: 2)
    #expect(harness.requests.map(\.items.count) == [1, 1, 1])
    answerAll()
    #expect(harness.replica.status.view == View(2))
    #expect(areAllAnswered)
  }

  @Test("C4: forged certificates keep out no genuine one, are blamed on their sender, and wait only in bounded number")
  func forgedFirst() throws {
    let good = try harness.certificate(harness.nullify(1), by: [1, 2, 3])
    let forged = Certificate(
      statement: good.statement, signers: good.signers,
      signatures: Array(repeating: good.signatures[0], count: good.signers.count))
    for _ in 0..<1000 { harness.receive(.certificate(forged), from: 1) }
    for peer in 2...3 { harness.receive(.certificate(good), from: peer) }
    #expect(harness.requests.count == 1)
    #expect(harness.replica.votes.backlogCount <= 3)
    answerAll()
    #expect(harness.replica.status.view == View(2))
    #expect(Set(harness.blame) == ["certificate.bad-signature"])
    #expect(harness.replica.votes.backlogCount == 0)
    #expect(areAllAnswered)
  }

  @Test("Votes that were put aside are forgotten with their view")
  func bounded() throws {
    for view in UInt64(1)...500 {
      harness.receive(.certificate(try harness.certificate(harness.nullify(view), by: [1, 2, 3])), from: 1)
      answerAll()
      for peer in 1...3 { harness.receive(.vote(try harness.vote(harness.nullify(view), by: peer)), from: peer) }
    }
    #expect(harness.requests.isEmpty)
    #expect(harness.replica.votes.backlogCount <= 3 * Limits.asideViews)
  }
}
