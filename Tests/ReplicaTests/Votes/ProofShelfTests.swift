import Consensus
import Ledger
import Primitives
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Only what can change something is checked")
struct ProofShelfTests {
  private let bench: Bench

  init() throws {
    bench = try Bench(validators: 4, own: 0)
    bench.areWorkersPrompt = false
  }

  private func answerAll() {
    while let request = bench.requests.first { bench.verify(request) }
  }

  private var areAllAnswered: Bool { bench.replica.checking.values.allSatisfy { $0 == 0 } }

  /// The notarize of view 1, said by its leader and by this node.
  private func notarized() throws -> Statement {
    let block = bench.block()
    try bench.propose(block, view: 1)
    answerAll()
    let statement = Statement.notarize(bench.proposal(block, view: 1))
    #expect(bench.votes == [statement])
    return statement
  }

  @Test("Of four validators' votes, those beyond a quorum are not checked")
  func beyondQuorum() throws {
    let statement = try notarized()
    bench.receive(.vote(try bench.vote(statement, by: 2)), from: 2)
    bench.receive(.vote(try bench.vote(statement, by: 3)), from: 3)
    #expect(bench.requests.map(\.items.count) == [1])
    answerAll()
    #expect(bench.replica.consensus.certificate(for: View(1), .notarize)?.signers.map(\.rawValue) == [0, 1, 2])
    #expect(areAllAnswered)
  }

  @Test("C4: a vote that does not hold costs nobody else's: one that was put aside takes its place")
  func badVote() throws {
    let statement = try notarized()
    var forged = try bench.vote(statement, by: 2)
    forged.signature = try bench.vote(statement, by: 3).signature
    bench.receive(.vote(forged), from: 2)
    bench.receive(.vote(try bench.vote(statement, by: 3)), from: 3)
    #expect(bench.requests.count == 1)
    answerAll()
    #expect(bench.blame == ["vote.bad-signature"])
    #expect(bench.replica.consensus.certificate(for: View(1), .notarize)?.signers.map(\.rawValue) == [0, 1, 3])
    #expect(areAllAnswered)
  }

  @Test("R6: who said one thing that nobody needed to check, and then another, is still shown to contradict itself")
  func evidence() throws {
    let statement = try notarized()
    for peer in 2...3 { bench.receive(.vote(try bench.vote(statement, by: peer)), from: peer) }
    answerAll()
    let other = Statement.notarize(bench.proposal(bench.block([try bench.transaction()]), view: 1))
    bench.receive(.vote(try bench.vote(other, by: 3)), from: 3)
    #expect(bench.requests.count == 2)
    answerAll()
    #expect(
      bench.notices.contains { notice in
        guard case .equivocated(ValidatorIndex(3), let first, let second) = notice else { return false }
        return Set([first, second]) == [statement, other]
      })
  }

  @Test("R25: a vote that comes again after its certificate is answered with what ended the view, unchecked")
  func repeated() throws {
    let certificate = try bench.certificate(bench.nullify(1), by: [1, 2, 3])
    bench.receive(.certificate(certificate), from: 2)
    answerAll()
    let late = PeerMessage.vote(try bench.vote(bench.nullify(1), by: 3))
    bench.receive(late, from: 3)
    bench.forgetSent()
    bench.receive(late, from: 3)
    #expect(bench.requests.isEmpty)
    #expect(bench.sent.map(\.to) == [.peer(ValidatorIndex(3))])
    #expect(bench.sent.map(\.message) == [.certificate(certificate)])
  }

  @Test("Votes and copies that come while a certificate is being checked cost nothing once it holds")
  func copies() throws {
    let good = try bench.certificate(bench.nullify(1), by: [1, 2, 3])
    for peer in 1...3 { bench.receive(.certificate(good), from: peer) }
    for peer in 1...3 { bench.receive(.vote(try bench.vote(bench.nullify(1), by: peer)), from: peer) }
    #expect(bench.requests.map(\.items.count) == [3])
    answerAll()
    #expect(bench.replica.standing.view == View(2))
    #expect(bench.blame.isEmpty)
    #expect(areAllAnswered)
  }

  @Test("A certificate whose votes are being checked waits for them")
  func certificateAfterVotes() throws {
    for peer in 1...3 { bench.receive(.vote(try bench.vote(bench.nullify(1), by: peer)), from: peer) }
    bench.receive(.certificate(try bench.certificate(bench.nullify(1), by: [1, 2, 3])), from: 2)
    #expect(bench.requests.map(\.items.count) == [1, 1, 1])
    answerAll()
    #expect(bench.replica.standing.view == View(2))
    #expect(areAllAnswered)
  }

  @Test("C4: forged certificates keep out no genuine one, are blamed on their sender, and do not wait in numbers")
  func forgedFirst() throws {
    let good = try bench.certificate(bench.nullify(1), by: [1, 2, 3])
    let forged = Certificate(
      statement: good.statement, signers: good.signers,
      signatures: Array(repeating: good.signatures[0], count: good.signers.count))
    for _ in 0..<1000 { bench.receive(.certificate(forged), from: 1) }
    for peer in 2...3 { bench.receive(.certificate(good), from: peer) }
    #expect(bench.requests.count == 1)
    #expect(bench.replica.shelf.count <= 3)
    answerAll()
    #expect(bench.replica.standing.view == View(2))
    #expect(Set(bench.blame) == ["certificate.bad-signature"])
    #expect(bench.replica.shelf.count == 0)
    #expect(areAllAnswered)
  }

  @Test("What is put aside is forgotten with its view")
  func bounded() throws {
    for view in UInt64(1)...500 {
      bench.receive(.certificate(try bench.certificate(bench.nullify(view), by: [1, 2, 3])), from: 1)
      answerAll()
      for peer in 1...3 { bench.receive(.vote(try bench.vote(bench.nullify(view), by: peer)), from: peer) }
    }
    #expect(bench.requests.isEmpty)
    #expect(bench.replica.shelf.count <= 3 * Limits.trackedViews)
  }
}
