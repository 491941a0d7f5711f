import Foundation
import Ledger
import LedgerJSON
import Logging
import NodeCore
import PeerNetwork
import Primitives
import Replica
import Simulation
import TestHarness
import Testing

@testable import Node

@Testing.Suite("The nodes that a node may be linked with")
final class PeerBookTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func pin(_ number: UInt64) -> Digest { Digest(number, 1, 1, 1) }

  private func peer(
    _ name: String, _ number: UInt16, validator: UInt16? = nil, addresses: [String] = ["10.0.0.1:7000"]
  ) -> KnownPeer {
    let name = Population.name(name)
    return KnownPeer(
      id: PeerID(number),
      node: DirectoryEntry(name: name, member: name, pins: [pin(UInt64(number))], addresses: addresses),
      validator: validator.map { ValidatorIndex($0) })
  }

  private func book(_ peers: [KnownPeer], own: UInt64, _ overrides: [String: String] = [:]) throws -> PeerBook {
    PeerBook(
      peers, ownPin: pin(own), settings: try NodeSettings.load(directory: folder.path, overrides: overrides),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  private func dialled(_ book: PeerBook) -> [String: Bool] {
    Dictionary(uniqueKeysWithValues: book.links.map { ($0.name, $0.isDialled) })
  }

  @Test("R48: of two validators the lower name dials; an observer, and a node that is not listed, dials validators")
  func whoDials() throws {
    let peers = [peer("a", 0, validator: 0), peer("b", 1, validator: 1), peer("c", 2, validator: 2), peer("d", 3)]
    #expect(dialled(try book(peers, own: 1)) == ["a": false, "c": true, "d": true])
    #expect(dialled(try book(peers, own: 3)) == ["a": true, "b": true, "c": true])
    #expect(dialled(try book(peers, own: 99)) == ["a": true, "b": true, "c": true, "d": true])
  }

  @Test("R47: a node that the epoch names with a key that it does not hold is told so")
  func lackingKey() throws {
    func running(_ names: [String], ownKey: PublicKey?) -> RunningEpoch {
      RunningEpoch(epoch: Epoch(1), validators: names, own: nil, ownKey: ownKey, longestTimeout: 0)
    }
    let key = PublicKey(prefix: 2, body: .zero)
    let book = try book([peer("a", 0, validator: 0), peer("b", 1, validator: 1)], own: 1)
    #expect(book.lacksVoteKey(running(["a", "b"], ownKey: nil)))
    #expect(!book.lacksVoteKey(running(["a", "b"], ownKey: key)) && !book.lacksVoteKey(running(["a"], ownKey: nil)))
    let health = HealthMonitor(running(["a", "b"], ownKey: nil), height: .genesis)
    health.note { $0.lackVoteKey(true, Tick(0)) }
    #expect(health.findings(index: nil).map(\.code).contains("node.vote-key-missing"))
    health.note { $0.lackVoteKey(false, Tick(0)) }
    #expect(!health.findings(index: nil).map(\.code).contains("node.vote-key-missing"))
  }

  @Test("R48: a bootstrap peer is dialled and may be asked for any block, but it is no node of the directory")
  func bootstrap() throws {
    let text = "\(pin(7))@10.0.0.7:7000"
    let given = try #require(BootstrapPeer(text))
    let bootstrap = KnownPeer(id: PeerID(2), node: given.node, validator: nil)
    let book = try book(
      [peer("y", 0, validator: 0), peer("z", 1), bootstrap], own: 1, ["peers.bootstrap": text])
    #expect(dialled(book)["\(given.node.name)"] == true)
    #expect([0, 1, 2].map { book.mayHaveAll(PeerID($0)) } == [true, false, true])
    #expect(
      try NodeSettings.load(directory: folder.path, overrides: ["peers.bootstrap": text])
        .bootstrapPeers(except: pin(7)).isEmpty)
  }

  @Test("What is written down of the directory is read back without bootstrap peers; a file that cannot be is no file")
  func writtenDown() throws {
    let settings = try NodeSettings.load(directory: folder.path)
    let file = KnownNodesFile(settings)
    #expect(file.read() == nil)
    let nodes = [peer("a", 0).node, peer("b", 1).node]
    try file.write(nodes)
    #expect(file.read() == nodes)
    let genesis = Population(
      SwarmOptions(), ring: KeyRing(.p256SHA256, isReal: false, generator: SeededGenerator(seed: 1))
    ).genesis
    #expect(settings.expectedNodes(genesis) == max(2, genesis.validators.count))

    try file.write([peer("a", 0).node, peer("b", 0).node])
    #expect(file.read() == nil, "two nodes with one TLS key")
    try file.write([peer("a", 0).node, peer("a", 1).node])
    #expect(file.read() == nil, "two nodes with one name")
    try file.write(nodes)
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file("nodes")))
    for count in 0..<whole.count {
      try whole.prefix(count).write(to: URL(fileURLWithPath: folder.file("nodes")))
      #expect(file.read() == nil)
    }
  }

  @Test("A node listens where its settings say, or else where the directory says that it is reached")
  func listening() throws {
    let peers = [peer("a", 0, validator: 0, addresses: ["10.0.0.1:7001", "10.0.0.2:7002"])]
    #expect(try book(peers, own: 0).listenAddress == PeerAddress(host: "10.0.0.1", port: 7001))
    #expect(
      try book(peers, own: 0, ["peers.listen": "0.0.0.0:9"]).listenAddress == PeerAddress(host: "0.0.0.0", port: 9))
    let unlisted = try book(peers, own: 99)
    #expect(unlisted.listenAddress == nil)
    unlisted.update(peers + [peer("b", 99, addresses: ["10.0.0.9:7009"])])
    #expect(unlisted.listenAddress == PeerAddress(host: "10.0.0.9", port: 7009))
  }

  @Test("Addresses of the settings take the place of those of the directory; a node without any is not linked")
  func addresses() throws {
    let peers = [
      peer("a", 0, validator: 0, addresses: ["10.0.0.1:7000", "a/b:7000", "[fd00::1]:7000"]),
      peer("b", 1, validator: 1, addresses: ["a/b:7000"]), peer("c", 2, validator: 2),
    ]
    let links = try book(peers, own: 99, ["peers.addresses": "c=10.0.0.9:7000"]).links
    #expect(links.map(\.name) == ["a", "c"])
    #expect(links.map { $0.addresses.map(\.description) } == [["10.0.0.1:7000", "[fd00::1]:7000"], ["10.0.0.9:7000"]])
  }
}
