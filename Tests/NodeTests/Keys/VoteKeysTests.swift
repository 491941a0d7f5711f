import Cryptography
import Foundation
import Ledger
import Logging
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Node
@testable import Replica
@testable import Signers

@Testing.Suite("A node's vote keys")
final class VoteKeysTests {
  private let folder: TemporaryDirectory
  private let files: VoteKeyFiles
  private let first: PrivateKey
  private let chain = ChainContext(suite: .p256SHA256, genesis: Digest(1, 2, 3, 4), hasEpochs: true)

  init() throws {
    folder = try TemporaryDirectory()
    files = VoteKeyFiles(path: folder.file("vote.pem"), chain: chain, passphrase: nil)
    first = try PrivateKey.generate(chain.suite)
    try KeyFile.write(first, to: folder.file("vote.pem"))
    _ = try files.read()
  }

  /// The keys of a node that votes with `key` in the first epoch.
  private func keys(_ key: PublicKey?, next: PublicKey? = nil, isOpened: Bool = true) -> VoteKeys {
    VoteKeys(
      files, HeldKeys(first.publicKey, next: next),
      RunningEpoch(epoch: .first, validators: ["a"], own: nil, ownKey: key, longestTimeout: 0), isOpened: isOpened,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Runs the keys through events. The log is durable at once. Returns what the replica was told.
  private func run(_ keys: VoteKeys, _ events: [VoteKeys.Event] = []) -> [ReplicaInput] {
    var told: [ReplicaInput] = []
    var waiting: [VoteKeys.Event] = [.running] + events
    while !waiting.isEmpty {
      keys.step(waiting.removeFirst()) { input in
        told.append(input)
        if case .newKey(let key) = input { waiting.append(.recorded(key)) }
      }
    }
    return told
  }

  private func next() throws -> PublicKey? { try files.read().next }

  @Test("R46: a key is generated, and its file is written once a record says so; it is then offered with a proof")
  func generated() throws {
    let keys = keys(first.publicKey)
    #expect(try keys.offer(Population.name("node1"), configuration([first.publicKey])) == nil)
    let told = run(keys)
    let key = try #require(try next())
    guard case .newKey(key) = try #require(told.first) else { return #expect(Bool(false)) }
    let offer = try #require(try keys.offer(Population.name("node1"), configuration([first.publicKey])))
    #expect(offer.key == key && offer.validator == Population.name("node1"))
    var verifier = SignatureVerifier(chain.suite)
    let message = KeyProof.signedBytes(validator: Population.name("node1"), key: key, chain: chain)
    let holds = verifier.verify(offer.signature, of: message, by: key)
    #expect(holds)
    // While a change is under way there is none: the present key is about to be destroyed.
    let changing = self.keys(first.publicKey, next: try next(), isOpened: false)
    changing.step(.began(Epoch(1), key)) { _ in }
    #expect(try changing.offer(Population.name("node1"), configuration([key])) == nil)
    // An observer offers the key that it has; a change that is under way leaves nothing to offer.
    let observer = self.keys(nil)
    #expect(try observer.offer(Population.name("node1"), configuration([]))?.key == first.publicKey)
    #expect(try keys.offer(Population.name("node1"), configuration([key])) == nil)
  }

  @Test("R47: the old key goes when an epoch of the new one has opened, not before, and another next one comes")
  func succeeded() throws {
    _ = run(keys(first.publicKey))
    let second = try #require(try next())
    let begun = run(keys(first.publicKey, next: second), [.began(Epoch(1), second)])
    #expect(begun.isEmpty)
    #expect(try files.read().current == first.publicKey)
    // The opening of the epoch before says nothing about this one.
    _ = run(
      keys(first.publicKey, next: second, isOpened: false), [.began(Epoch(1), second), .opened(.first)])
    #expect(try files.read().current == first.publicKey)
    let told = run(
      keys(first.publicKey, next: second), [.began(Epoch(1), second), .opened(Epoch(1))])
    guard case .droppedKey(first.publicKey) = try #require(told.first) else { return #expect(Bool(false)) }
    #expect(try files.read().current == second)
    #expect(try next() != nil)
  }

  @Test("R47: a node that starts in an epoch that has opened ends the change that it did not end before")
  func atTheStart() throws {
    _ = run(keys(first.publicKey))
    let second = try #require(try next())
    _ = run(keys(second, next: second))
    #expect(try files.read().current == second)
  }

  @Test("R47: the old key stays until the block that opened the epoch is durable, also in a node that catches up")
  func goesOnceDurable() throws {
    _ = run(keys(first.publicKey))
    let second = try #require(try next())
    func keyAfter(_ note: (VoteKeys) -> Void) throws -> PublicKey {
      let keys = keys(first.publicKey, next: second, isOpened: false)
      let thread = keys.start { _ in }
      keys.put(.began(Epoch(1), second))
      note(keys)
      thread.stop()
      return try files.read().current
    }
    #expect(try keyAfter { $0.final(Round(epoch: Epoch(1), view: View(1))) } == first.publicKey)
    // The sync of what came before says nothing about the block.
    #expect(
      try keyAfter {
        $0.durable()
        $0.final(Round(epoch: Epoch(1), view: View(1)))
      } == first.publicKey)
    // The block of view 0 is the closing, which the set before made final.
    #expect(
      try keyAfter {
        $0.final(Round(epoch: Epoch(1), view: .genesis))
        $0.durable()
      } == first.publicKey)
    #expect(
      try keyAfter {
        $0.final(Round(epoch: Epoch(1), view: View(1)))
        $0.durable()
      } == second)
  }

  @Test("R47: what fails, as on a full disk, is tried again, and a next key whose file was removed is not lost")
  func triedAgain() throws {
    let keys = keys(first.publicKey)
    let blocked = folder.file("vote.pem.next.new")
    // A folder in the place of the file, so that the key cannot be written.
    try FileManager.default.createDirectory(atPath: "\(blocked)/x", withIntermediateDirectories: true)
    #expect(run(keys).isEmpty)
    try FileManager.default.removeItem(atPath: blocked)
    var told: [ReplicaInput] = []
    keys.step(.changed) { told.append($0) }
    guard case .newKey(let key)? = told.first else { return #expect(Bool(false), "no key") }
    // Nor can the finished file be put in its place.
    let place = folder.file("vote.pem.next")
    try FileManager.default.createDirectory(atPath: "\(place)/x", withIntermediateDirectories: true)
    keys.step(.recorded(key)) { _ in }
    #expect(try keys.offer(Population.name("node1"), configuration([first.publicKey])) == nil)
    try FileManager.default.removeItem(atPath: place)
    keys.step(.changed) { _ in }
    #expect(try keys.offer(Population.name("node1"), configuration([first.publicKey]))?.key == key)

    try FileManager.default.removeItem(atPath: place)
    keys.step(.began(Epoch(1), key)) { _ in }
    keys.step(.opened(Epoch(1))) { _ in }
    #expect(try files.read().current == key)
    #expect(!FileManager.default.fileExists(atPath: folder.file("vote.pem.old")))
  }

  @Test("A node that does not start generates no key, so that starts that fail leave no record of keys")
  func startsThatFail() throws {
    let keys = keys(first.publicKey)
    keys.step(.changed) { told in #expect(Bool(false), "told the replica \(told)") }
    #expect(try next() == nil)
    #expect(!run(keys).isEmpty)
    #expect(try next() != nil)
  }

  private func configuration(_ keys: [PublicKey]) -> ChainConfiguration {
    ChainConfiguration(
      rulesVersion: 3, leaderTimeoutMilliseconds: 200,
      validators: keys.map {
        ConfiguredValidator(name: Population.name("node1"), member: Population.name("node1"), voteKey: $0)
      })
  }
}
