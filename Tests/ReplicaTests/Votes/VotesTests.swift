import Consensus
import Ledger
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("The votes machine")
struct VotesTests {
  private let harness: MachineHarness
  private var votes: Votes

  init() throws {
    harness = try MachineHarness(validators: 7)
    votes = Votes(signer: nil)
  }

  private mutating func receive(_ statement: Statement, by signer: Int, from peer: Int? = nil) throws -> ConsensusInput?
  {
    let vote = try harness.maker.vote(statement, by: signer)
    return votes.receive(vote, from: PeerID(UInt16(peer ?? signer)), harness.consensus, &harness.context)
  }

  @Test("Only enough votes to decide a statement are verified; others are put aside, and verified if one is invalid")
  mutating func aside() throws {
    let statement = harness.maker.nullify(1)
    for signer in 1...6 {
      let input = try receive(statement, by: signer)
      #expect(input == nil)
    }
    #expect(harness.requests.count == 5)
    #expect(votes.backlogCount == 1)
    let forged = try harness.maker.vote(statement, by: 2)
    let input = votes.finish(forged, false, from: PeerID(2), &harness.context)
    #expect(input == nil)
    #expect(harness.blame == ["vote.bad-signature"])
    let again = votes.reconsider(statement, harness.consensus, &harness.context)
    #expect(again.isEmpty)
    #expect(harness.requests.count == 6)
    #expect(votes.backlogCount == 0)
  }

  @Test("A valid vote is passed to the consensus")
  mutating func holds() throws {
    let vote = try harness.maker.vote(harness.maker.nullify(1), by: 3)
    _ = votes.receive(vote, from: PeerID(3), harness.consensus, &harness.context)
    let input = votes.finish(vote, true, from: PeerID(3), &harness.context)
    #expect(input == .vote(vote))
    #expect(harness.blame.isEmpty)
  }

  @Test("A vote that is not from its signer, is of another epoch or is too far ahead is not verified")
  mutating func unwanted() throws {
    _ = try receive(harness.maker.nullify(1), by: 3, from: 2)
    _ = try receive(.nullify(epoch: Epoch(1), view: View(1)), by: 3)
    _ = try receive(harness.maker.nullify(3), by: 3)
    #expect(harness.requests.isEmpty)
    #expect(votes.backlogCount == 0)
  }

  @Test("A certificate whose votes are all counted needs no check; one with other votes is verified, once")
  mutating func certificates() throws {
    let statement = harness.maker.nullify(1)
    for signer in 1...4 { harness.feed(.vote(try harness.maker.vote(statement, by: signer))) }
    let known = try harness.maker.certificate(statement, by: [1, 2, 3, 4, 5])
    let first = votes.receive(known, from: PeerID(2), harness.consensus, &harness.context)
    #expect(first == nil)
    #expect(harness.requests.map(\.items.count) == [1])
    let second = votes.receive(known, from: PeerID(3), harness.consensus, &harness.context)
    #expect(second == nil)
    #expect(harness.requests.count == 1)
    let done = votes.finish(known, true, from: PeerID(2), &harness.context)
    #expect(done == .certificate(known))
  }

  @Test("A certificate without a quorum is blamed on its sender")
  mutating func noQuorum() throws {
    let certificate = try harness.maker.certificate(harness.maker.nullify(1), by: [1, 2, 3, 4])
    let input = votes.receive(certificate, from: PeerID(2), harness.consensus, &harness.context)
    #expect(input == nil)
    #expect(harness.blame == ["certificate.no-quorum"])
    #expect(harness.requests.isEmpty)
  }
}
