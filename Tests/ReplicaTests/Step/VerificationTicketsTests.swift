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

  @Test("Votes go before blocks, and blocks before transactions")
  func urgency() throws {
    let vote = try ReplicaHarness().vote(.nullify(epoch: .first, view: View(1)), by: 1)
    let work: [PendingWork] = [
      .transactions([], from: nil), .vote(vote, from: PeerID(1)), .block(Round(epoch: .first, view: View(1))),
    ]
    #expect(work.map(\.urgency).sorted() == [.votes, .block, .transactions])
  }
}
