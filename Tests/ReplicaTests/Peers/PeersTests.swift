import Consensus
import Primitives
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("The peers machine")
struct PeersTests {
  private let harness: MachineHarness
  private var peers = Peers(nextStatus: Tick(0))

  init() throws { harness = try MachineHarness() }

  @Test("A peer's status of another epoch is known, but says nothing about the views of this one")
  mutating func otherEpoch() {
    let status = PeerStatus(epoch: Epoch(1), view: .genesis, finalizedView: .genesis, height: Height(8))
    peers.receive(status, from: PeerID(1), harness.consensus, &harness.context)
    #expect(peers.statuses[PeerID(1)] == status)
    #expect(harness.sent.isEmpty)
    #expect(peers.overtaken(harness.consensus, harness.configuration.peers) == 0)
  }

  @Test("R39, R40: a peer of another epoch is answered once in a retry interval")
  mutating func bridged() {
    var answers = (0..<9).map { _ in peers.mayBridge(PeerID(1), harness.context) }
    answers.append(peers.mayBridge(PeerID(2), harness.context))
    #expect(answers == [true] + Array(repeating: false, count: 8) + [true])
    harness.advance(microseconds: harness.configuration.retryInterval)
    let again = peers.mayBridge(PeerID(1), harness.context)
    #expect(again)
    // One that was led on is answered at once, and not again for what is over.
    let ended = [5, 6, 6, 5].map { peers.mayBridge(PeerID(3), ended: Epoch($0), harness.context) }
    #expect(ended == [true, true, false, false])
  }

  @Test("A peer that is behind is sent the certificate that it lacks, one that is not gets nothing")
  mutating func help() throws {
    let certificate = try harness.maker.certificate(harness.maker.nullify(1), by: [1, 2, 3])
    harness.feed(.certificate(certificate))
    let behind = PeerStatus(epoch: .first, view: View(1), finalizedView: .genesis, height: .genesis)
    peers.receive(behind, from: PeerID(1), harness.consensus, &harness.context)
    #expect(try harness.messages == [.certificate(certificate)])
    #expect(harness.sent.map(\.to) == [.peer(PeerID(1))])
    let level = PeerStatus(epoch: .first, view: View(2), finalizedView: .genesis, height: .genesis)
    peers.receive(level, from: PeerID(2), harness.consensus, &harness.context)
    #expect(harness.sent.count == 1)
  }

  @Test("The node's own status goes to everyone at its interval")
  mutating func ownStatus() {
    let interval = harness.configuration.statusInterval
    var isDue = peers.isStatusDue(harness.context.now.tick)
    #expect(isDue)
    peers.sendDueStatus(harness.consensus, .genesis, &harness.context)
    #expect(harness.sent.map(\.to) == [.all])
    harness.advance(microseconds: interval - 1)
    isDue = peers.isStatusDue(harness.context.now.tick)
    #expect(!isDue)
    harness.advance(microseconds: 1)
    isDue = peers.isStatusDue(harness.context.now.tick)
    #expect(isDue)
  }

  @Test("A peer that repeats that it is behind is sent a limited number of certificates in each retry interval")
  mutating func repeatedStatus() throws {
    let certificate = try harness.maker.certificate(harness.maker.nullify(1), by: [1, 2, 3])
    harness.feed(.certificate(certificate))
    let behind = PeerStatus(epoch: .first, view: View(1), finalizedView: .genesis, height: .genesis)
    for _ in 0..<3 {
      for _ in 0..<2000 { peers.receive(behind, from: PeerID(1), harness.consensus, &harness.context) }
      peers.receive(behind, from: PeerID(2), harness.consensus, &harness.context)
      #expect(harness.sent.count { $0.to == .peer(PeerID(1)) } == Limits.peerCertificates)
      #expect(harness.sent.count { $0.to == .peer(PeerID(2)) } == 1)
      harness.forgetEffects()
      harness.advance(microseconds: harness.configuration.retryInterval)
    }
  }
}
