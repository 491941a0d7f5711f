import Cryptography
import Ledger
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("What an operator knows of the chain from elsewhere")
struct OperatorKnowledgeTests {
  private let newcomer = Population.name("newcomer")

  /// A change that lists a node with this pin, and one that begins an epoch.
  private func block(_ harness: ReplicaHarness, listing pin: Digest) throws -> Block {
    harness.block([
      try harness.transaction(
        [.directorySet(name: newcomer, member: Population.banks[0], pins: [pin], addresses: ["10.0.0.99:7000"])],
        of: Population.administrator),
      try harness.change(of: harness.genesisPoint, timeout: 300),
    ])
  }

  @Test("R48: a bootstrap peer may be linked until the directory lists its TLS key, and is no validator")
  func bootstrap() throws {
    let pin = Digest(99, 1, 1, 1)
    let peer = try #require(BootstrapPeer(pin: pin, address: "10.0.0.98:7000"))
    let listed = try #require(BootstrapPeer(pin: Digest(98, 1, 1, 1), address: "10.0.0.97:7000"))
    let harness = try ReplicaHarness(own: 0, bootstrap: [peer, listed])
    #expect(harness.replica.knownPeers.map(\.node.pins).suffix(2) == [[pin], [Digest(98, 1, 1, 1)]])
    #expect(harness.replica.knownPeers.suffix(2).allSatisfy { $0.validator == nil })
    try harness.finalize([try block(harness, listing: pin)])
    #expect(harness.known.map(\.node.name).suffix(2) == [listed.node.name, newcomer])
    #expect(harness.known.last?.node.addresses == ["10.0.0.99:7000"])
    harness.step(.connected(PeerID(5)))
    harness.receive(.fetchRange(from: Height(1)), from: 5)
    #expect(harness.ranges.map(\.peer) == [PeerID(5)])
  }

  @Test("V7: a node whose operator has a checkpoint stops if the epoch was opened by another result")
  func checkpoint() throws {
    let plain = try ReplicaHarness(own: 0)
    let change = try block(plain, listing: Digest(99, 1, 1, 1))
    try plain.finalize([change])
    var hash = HashFunction(plain.population.chain.suite)
    let closing = try #require(plain.commits.last?.closing)
    let right = Checkpoint(epoch: Epoch(1), result: closing.result.digest(hash: &hash))
    let wrong = Checkpoint(epoch: Epoch(1), result: Digest(1, 2, 3, 4))
    let later = Checkpoint(epoch: Epoch(2), result: Digest(1, 2, 3, 4))
    for (checkpoint, reason) in [
      (right, nil), (later, nil), (wrong, StopReason.otherThanCheckpoint(wrong, own: right.result)),
    ] {
      let harness = try ReplicaHarness(own: 0, checkpoint: checkpoint)
      try harness.finalize([change])
      #expect(harness.stopReason == reason)
      try harness.restart()
      #expect(harness.stopReason == reason)
    }
  }
}
