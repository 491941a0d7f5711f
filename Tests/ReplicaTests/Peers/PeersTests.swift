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

  @Test("A peer's status of another epoch is ignored")
  mutating func otherEpoch() {
    let status = PeerStatus(epoch: Epoch(1), view: View(9), finalizedView: View(8), height: Height(8))
    let isNoted = peers.receive(status, from: PeerID(1), harness.consensus, &harness.context)
    #expect(!isNoted)
    #expect(peers.statuses.isEmpty)
  }

  @Test("A peer that is behind is sent the certificate that it lacks, one that is not gets nothing")
  mutating func help() throws {
    let certificate = try harness.maker.certificate(harness.maker.nullify(1), by: [1, 2, 3])
    harness.feed(.certificate(certificate))
    let behind = PeerStatus(epoch: .first, view: View(1), finalizedView: .genesis, height: .genesis)
    _ = peers.receive(behind, from: PeerID(1), harness.consensus, &harness.context)
    #expect(try harness.messages == [.certificate(certificate)])
    #expect(harness.sent.map(\.to) == [.peer(PeerID(1))])
    let level = PeerStatus(epoch: .first, view: View(2), finalizedView: .genesis, height: .genesis)
    _ = peers.receive(level, from: PeerID(2), harness.consensus, &harness.context)
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
      for _ in 0..<2000 { _ = peers.receive(behind, from: PeerID(1), harness.consensus, &harness.context) }
      _ = peers.receive(behind, from: PeerID(2), harness.consensus, &harness.context)
      #expect(harness.sent.count { $0.to == .peer(PeerID(1)) } == Limits.peerCertificates)
      #expect(harness.sent.count { $0.to == .peer(PeerID(2)) } == 1)
      harness.forgetEffects()
      harness.advance(microseconds: harness.configuration.retryInterval)
    }
  }
}
