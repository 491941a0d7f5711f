import Consensus
import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica

/// Validator 3 of four has a valid key and sends whatever it likes.
@Testing.Suite("A hostile validator's votes")
struct HostileVotesTests {
  private let harness: ReplicaHarness

  init() throws { harness = try ReplicaHarness(validators: 4, own: 0) }

  /// How many signature checks were asked for so far.
  private var checks: UInt64 { harness.replica.context.tickets.next.number - 1 }
  private var backlog: Int { harness.replica.votes.backlogCount }

  private var contradictions: Int {
    harness.notices.count { notice in
      guard case .equivocated(ValidatorIndex(3), _, _) = notice else { return false }
      return true
    }
  }

  private func notarize(_ number: UInt64, view: UInt64 = 1) -> Statement {
    .notarize(
      Proposal(epoch: .first, view: View(view), parent: .genesis, block: Digest(number, number, number, number)))
  }

  private func finalize(_ number: UInt64, view: UInt64 = 1) -> Statement {
    let digest = Digest(number, number, number, number)
    return .finalize(
      Proposal(epoch: .first, view: View(view), parent: .genesis, block: digest), result: digest)
  }

  private func answerAll() {
    while let request = harness.requests.first { harness.verify(request) }
  }

  @Test("H1: of unverified votes in a final view one is kept, checked with the next that differs, and blamed")
  func unverifiedVotes() throws {
    try harness.finalize(try harness.chain(1))
    let before = checks
    let forged = try harness.vote(notarize(0), by: 3).signature
    for number in UInt64(1)...1000 {
      let vote = Vote(statement: notarize(number), signer: ValidatorIndex(3), signature: forged)
      harness.receive(.vote(vote), from: 3)
      #expect(backlog <= 1)
    }
    // Each second one is checked with the one put aside before it, and the first that is found invalid ends both.
    #expect(harness.blame == Array(repeating: "vote.bad-signature", count: 500))
    #expect(checks - before <= 1000)
  }

  @Test("H1: votes put aside are limited in number for each validator, however many views are over")
  func votesAside() throws {
    for view in UInt64(1)...300 {
      harness.receive(.certificate(try harness.certificate(harness.nullify(view), by: [1, 2, 3])), from: 1)
      harness.receive(.vote(try harness.vote(harness.nullify(view), by: 3)), from: 3)
    }
    #expect(backlog == Limits.asideViews)
    // All of them again, oldest first: what was forgotten is not kept again.
    for view in UInt64(1)...300 { harness.receive(.vote(try harness.vote(harness.nullify(view), by: 3)), from: 3) }
    #expect(backlog == Limits.asideViews)
    #expect(harness.blame.isEmpty)
  }

  @Test("H1: certificates put aside are limited in number for each peer")
  func certificatesAside() throws {
    harness.areWorkersPrompt = false
    for view in UInt64(1)...100 {
      let certificate = try harness.certificate(harness.nullify(view), by: [1, 2, 3])
      for peer in 1...3 { harness.receive(.certificate(certificate), from: peer) }
    }
    #expect(backlog == 2 * Limits.peerAsideCertificates)
    answerAll()
    #expect(backlog == 0)
    #expect(harness.replica.status.view == View(101))
    #expect(harness.blame.isEmpty)
  }

  @Test("H1: a vote that is repeated before its certificate exists costs one check")
  func repeatedVote() throws {
    let vote = PeerMessage.vote(try harness.vote(harness.nullify(1), by: 3))
    for _ in 0..<100 { harness.receive(vote, from: 3) }
    #expect(checks == 1)
    #expect(harness.blame.isEmpty)
  }

  @Test("H8: a contradiction is proven with two checks; further votes of that kind and view cost none and are blamed")
  func provenOnce() throws {
    for number in UInt64(1)...500 { harness.receive(.vote(try harness.vote(notarize(number), by: 3)), from: 3) }
    #expect(checks == 2)
    #expect(contradictions == 1)
    #expect(harness.blame == Array(repeating: "vote.contradictory", count: 498))
    // Its other votes still count.
    harness.receive(.vote(try harness.vote(harness.nullify(1), by: 3)), from: 3)
    #expect(checks == 3)
    #expect(harness.blame.count == 498)
  }

  @Test("H8: nullify and finalize in one view, and every finalize after them, cost two checks")
  func closingVotes() throws {
    harness.receive(.vote(try harness.vote(harness.nullify(1), by: 3)), from: 3)
    for number in UInt64(1)...500 { harness.receive(.vote(try harness.vote(finalize(number), by: 3)), from: 3) }
    #expect(checks == 2)
    #expect(contradictions == 1)
    #expect(harness.blame == Array(repeating: "vote.contradictory", count: 499))
  }

  @Test("H8: while two contradictory votes are being checked, a third is blamed unchecked")
  func unanswered() throws {
    harness.areWorkersPrompt = false
    for number in UInt64(1)...500 { harness.receive(.vote(try harness.vote(notarize(number), by: 3)), from: 3) }
    #expect(checks == 2)
    #expect(harness.blame.count == 498)
    answerAll()
    #expect(contradictions == 1)
    #expect(harness.replica.context.tickets.count == 0)
  }

  @Test("H8: a contradiction in a final view is proven once as well")
  func finalView() throws {
    try harness.finalize(try harness.chain(1))
    let before = checks
    for number in UInt64(1)...500 { harness.receive(.vote(try harness.vote(notarize(number), by: 3)), from: 3) }
    #expect(checks - before == 2)
    #expect(contradictions == 1)
    #expect(harness.blame.count == 498)
    #expect(backlog == 0)
  }

  @Test("H8: of a leader's proposals for one view two are decoded and checked, and further ones are blamed")
  func proposals() throws {
    harness.areWorkersPrompt = false
    harness.receive(.certificate(try harness.certificate(harness.nullify(2), by: [0, 1, 2])), from: 1)
    answerAll()
    let before = checks
    let first = harness.block([try harness.transaction()])
    for _ in 0..<10 { try harness.propose(first, view: 3) }
    #expect(checks - before == 1)
    for _ in 0..<20 { try harness.propose(harness.block([try harness.transaction()]), view: 3) }
    #expect(checks - before == 2)
    #expect(harness.blame == Array(repeating: "vote.contradictory", count: 19))
    answerAll()
    #expect(contradictions == 1)
    #expect(harness.replica.chain.tree.count <= 1)
  }
}
