import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("Verification tickets")
struct VerificationTicketsTests {
  @Test("A peer may have a limited number of checks, regains one with each answer, and does not affect the others")
  func budget() throws {
    let vote = try ReplicaHarness().vote(.nullify(epoch: .first, view: View(1)), by: 1)
    var tickets = VerificationTickets()
    var issued: [Ticket] = []
    while tickets.hasRoom(for: PeerID(1)) { issued.append(tickets.issue(.vote(vote, from: PeerID(1)))) }
    #expect(issued.count == Limits.peerChecks)
    #expect(tickets.hasRoom(for: PeerID(2)))
    let isKnown = tickets.finish(issued[0]) != nil
    #expect(isKnown)
    #expect(tickets.hasRoom(for: PeerID(1)))
    let isKnownTwice = tickets.finish(issued[0]) != nil
    #expect(!isKnownTwice)
    #expect(tickets.count == issued.count - 1)
  }

  @Test("H1: the blocks of one peer that wait for a check are limited in bytes, and do not affect the others")
  func bytes() throws {
    let harness = try ReplicaHarness()
    let block = harness.block(try (0..<2000).map { _ in try harness.transaction() })
    let vote = try harness.vote(.notarize(harness.proposal(block, view: 1)), by: 1)
    var tickets = VerificationTickets()
    var issued: [Ticket] = []
    while tickets.hasRoom(for: PeerID(1)) {
      issued.append(tickets.issue(.proposal(vote, block, from: PeerID(1))))
    }
    #expect(issued.count == (Limits.peerCheckBytes + block.bytes.count - 1) / block.bytes.count)
    #expect(issued.count < Limits.peerChecks)
    #expect(tickets.hasRoom(for: PeerID(2)))
    for ticket in issued { _ = tickets.finish(ticket) }
    #expect(tickets.hasRoom(for: PeerID(1)))
    tickets.checkInvariants()
  }

  @Test("Votes go before blocks, and blocks before transactions")
  func urgency() throws {
    let vote = try ReplicaHarness().vote(.nullify(epoch: .first, view: View(1)), by: 1)
    let work: [PendingWork] = [
      .transactions([], from: nil), .vote(vote, from: PeerID(1)), .block(Round(epoch: .first, view: View(1))),
    ]
    #expect(work.map(\.urgency).sorted() == [.votes, .block, .transactions])
  }
}
