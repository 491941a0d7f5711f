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

@Testing.Suite("A node's vote keys")
final class VoteKeysTests {
  private let folder: TemporaryDirectory
  private let files: VoteKeyFiles
  private let first: PrivateKey
  private let chain = ChainContext(suite: .p256SHA256, genesis: Digest(1, 2, 3, 4), hasEpochs: true)

  init() throws {
    folder = try TemporaryDirectory()
    files = VoteKeyFiles(path: folder.file("vote.pem"), suite: chain.suite, passphrase: nil)
    first = try PrivateKey.generate(chain.suite)
    try KeyFile.write(first, to: folder.file("vote.pem"))
  }

  /// The keys of a node that votes with `key` in the first epoch.
  private func keys(_ key: PublicKey?, next: PrivateKey? = nil, isOpened: Bool = true) -> VoteKeys {
    VoteKeys(
      files, current: first, next: next,
      signer: GuardedSigner(keys: [first], chain: chain, memory: VoteGuard(epoch: .first)), chain: chain,
      RunningEpoch(epoch: .first, validators: ["a"], own: nil, ownKey: key, longestTimeout: 0), isOpened: isOpened,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Runs the keys through events. The log is durable at once. Returns what the replica was told.
  private func run(_ keys: VoteKeys, _ events: [VoteKeys.Event] = []) -> [ReplicaInput] {
    var told: [ReplicaInput] = []
    var waiting: [VoteKeys.Event?] = [.running] + events
    while !waiting.isEmpty {
      keys.step(waiting.removeFirst()) { input in
        told.append(input)
        if case .newKey(let key) = input { waiting.append(.recorded(key)) }
      }
    }
    return told
  }

  private func next() throws -> PrivateKey? { try files.read().next }

  @Test("R46: a key is generated, and its file is written once a record says so; it is then offered with a proof")
  func generated() throws {
    let keys = keys(first.publicKey)
    #expect(try keys.offer(Population.name("node1"), configuration([first.publicKey])) == nil)
    let told = run(keys)
    let key = try #require(try next()).publicKey
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
    let begun = run(keys(first.publicKey, next: second), [.began(Epoch(1), second.publicKey)])
    #expect(begun.isEmpty)
    #expect(try files.read().current.publicKey == first.publicKey)
    // The opening of the epoch before says nothing about this one.
    _ = run(
      keys(first.publicKey, next: second, isOpened: false), [.began(Epoch(1), second.publicKey), .opened(.first)])
    #expect(try files.read().current.publicKey == first.publicKey)
    let told = run(
      keys(first.publicKey, next: second), [.began(Epoch(1), second.publicKey), .opened(Epoch(1))])
    guard case .droppedKey(first.publicKey) = try #require(told.first) else { return #expect(Bool(false)) }
    #expect(try files.read().current.publicKey == second.publicKey)
    #expect(try next() != nil)
  }

  @Test("R47: a node that starts in an epoch that has opened ends the change that it did not end before")
  func atTheStart() throws {
    _ = run(keys(first.publicKey))
    let second = try #require(try next())
    _ = run(keys(second.publicKey, next: second))
    #expect(try files.read().current.publicKey == second.publicKey)
  }

  private func configuration(_ keys: [PublicKey]) -> ChainConfiguration {
    ChainConfiguration(
      rulesVersion: 3, leaderTimeoutMilliseconds: 200,
      validators: keys.map {
        ConfiguredValidator(name: Population.name("node1"), member: Population.name("node1"), voteKey: $0)
      })
  }
}
