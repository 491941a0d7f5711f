import Consensus
import Ledger
import NodeCore
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("Validators and keys that change")
final class ValidatorChangeTests {
  private let harness: ReplicaHarness
  private let newcomer = Population.name("newcomer")

  /// The node leads none of the first views.
  init() throws { harness = try ReplicaHarness(validators: 7, own: 0) }

  private func name(_ validator: Int) -> Name { Population.name("validator-\(validator)") }

  private func proof(_ validator: Name, _ key: PublicKey) throws -> KeyProof {
    let message = KeyProof.signedBytes(validator: validator, key: key, chain: harness.population.chain)
    return KeyProof(validator: validator, key: key, signature: try #require(harness.ring.sign(message, with: key)))
  }

  /// Ends the first epoch with a block of these operations, which may name the present configuration.
  private func close(_ operations: (Digest) throws -> [Ledger.Operation]) throws -> ChainPoint {
    let configuration = harness.genesisPoint.above.configuration
    let block = harness.block([
      try harness.transaction(try operations(configuration), of: Population.administrator)
    ])
    try harness.finalize([block])
    harness.epoch = Epoch(1)
    harness.forgetSent()
    return try harness.points([block])[0]
  }

  /// The leader of view 1 proposes a block on the closing, which is certified.
  private func open(on point: ChainPoint) throws -> Block {
    let block = harness.block([try harness.transaction()], on: point)
    try harness.propose(block, view: 1)
    try harness.certify(block, view: 1)
    return block
  }

  /// The keys with which the votes hold that left the node.
  private var signers: Set<PublicKey> {
    Set(
      harness.sent.compactMap { entry -> PublicKey? in
        guard case .vote(let vote) = entry.message else { return nil }
        let message = vote.statement.signedBytes(harness.population.chain)
        return harness.seats.map(\.key).first { harness.ring.sign(message, with: $0) == vote.signature }
      })
  }

  // MARK: Keys

  @Test("R46: a key becomes known once its record is durable, and with it the node votes from view 1 of its epoch")
  func ownNextKey() throws {
    let key = harness.ring.makeKey()
    harness.isDiskPrompt = false
    harness.step(.newKey(key))
    #expect(recorded.isEmpty)
    harness.isDiskPrompt = true
    harness.sync()
    #expect(recorded == [key])
    let point = try close { [.validatorUpdate(try proof(name(0), key), configuration: $0)] }
    harness.seats[0].key = key
    _ = try open(on: point)
    #expect(!harness.isListening && signers == [key])
    // So it is after a restart, with both keys or with the new one alone, although the old one names the log's writer.
    for keys in [HeldKeys(harness.population.voteKeys[0], next: key), HeldKeys(key)] {
      harness.hold(keys)
      harness.forgetSent()
      try harness.restart()
      #expect(!harness.isListening && harness.stopReason == nil && signers == [key], "\(keys)")
    }
  }

  private var recorded: [PublicKey] {
    harness.notices.compactMap { if case .recordedKey(let key) = $0 { key } else { nil } }
  }

  @Test("R46: after a repair the log says again which keys are the node's own, and whether their votes may be lost")
  func keysRecordedAgain() throws {
    let key = harness.ring.makeKey()
    harness.step(.newKey(key))
    func last() throws -> OwnKey? {
      try harness.log.last { $0.kind == .ownKey }.map { try OwnKey(payload: $0.payload) }
    }
    let count = harness.log.count
    for (meaning, votes) in [(VoidMeaning.harmless, OwnKey.Votes.complete), (.votesLost, .lost)] {
      harness.step(.repaired(meaning))
      #expect(try last() == OwnKey(key, votes: votes))
    }
    #expect(harness.log.count == count + 2)
    // Without the record that the damage destroyed, the node still knows the key as its own.
    harness.hold(HeldKeys(harness.population.voteKeys[0], next: key))
    let destroyed = try #require(harness.log.firstIndex { $0.kind == .ownKey })
    var records = harness.log.prefix(destroyed + 2)
    records[destroyed] = PendingRecord(VoidMeaning.harmless)
    try harness.adopt(Array(records))
    let listening = harness.replica.listeningKeys
    #expect(!listening.contains(key))
  }

  @Test("V4: R46: with a key that came from elsewhere the node listens in the epoch that names it")
  func broughtKey() throws {
    let key = harness.ring.makeKey()
    harness.hold(HeldKeys(harness.population.voteKeys[0], next: key))
    try harness.restart()
    #expect(!harness.isListening)
    let point = try close { [.validatorUpdate(try proof(name(0), key), configuration: $0)] }
    harness.seats[0].key = key
    _ = try open(on: point)
    #expect(harness.isListening && harness.votes.isEmpty)
    try harness.restart()
    #expect(harness.isListening && harness.votes.isEmpty)
  }

  @Test("V4: R47: a node whose validator has a key that the node does not hold follows, and says nothing")
  func missingKey() throws {
    let key = harness.ring.makeKey()
    let point = try close { [.validatorUpdate(try proof(name(0), key), configuration: $0)] }
    harness.seats[0].key = key
    let block = try open(on: point)
    #expect(harness.votes.isEmpty && harness.replica.runningEpoch.own == nil)
    let next = LedgerPoints.after(block, in: harness)
    harness.receive(.certificate(try harness.finalization(block, next, view: 1)), from: 1)
    #expect(harness.commits.last?.block.digest == block.digest && harness.stopReason == nil)
  }

  @Test("R45: a node that holds the keys of two validators stops")
  func twoPlaces() throws {
    let key = harness.ring.makeKey()
    harness.step(.newKey(key))
    _ = try close { [.validatorUpdate(try proof(name(3), key), configuration: $0)] }
    harness.seats[3].key = key
    #expect(harness.stopReason == .twoOwnKeys(Epoch(1)))
  }

  // MARK: Validators

  @Test("V3: R45, R48: who is removed goes on as an observer; what it votes in another's name is not even verified")
  func removed() throws {
    let point = try close { configuration in
      [3, 6].map { .validatorRemove(name: name($0), configuration: configuration) }
    }
    harness.seats = [0, 1, 2, 4, 5].map { ($0, harness.population.voteKeys[$0]) }
    #expect(harness.replica.runningEpoch.validators == [0, 1, 2, 4, 5].map { "validator-\($0)" })
    let places: [UInt16?] = [0, 1, 2, nil, 3, 4, nil]
    #expect(harness.known.map(\.validator) == places.map { $0.map { ValidatorIndex($0) } })
    let block = try open(on: point)
    #expect(!harness.votes.isEmpty)
    harness.forgetSent()
    // The removed one sends a vote in the name of the validator that has its index now.
    let statement = Statement.finalize(harness.proposal(block, view: 1), result: point.result)
    let message = statement.signedBytes(harness.population.chain)
    let signature = try #require(harness.ring.sign(message, with: harness.population.voteKeys[3]))
    harness.receive(.vote(Vote(statement: statement, signer: ValidatorIndex(3), signature: signature)), from: 3)
    #expect(harness.requests.isEmpty && harness.commits.count == 1)
  }

  @Test("V9: R45: a node that is removed says nothing and follows, and votes again when it is added with the same key")
  func selfRemoved() throws {
    let point = try close { [.validatorRemove(name: name(0), configuration: $0)] }
    harness.seats.removeFirst()
    let back = harness.block(
      [
        try harness.transaction(
          [.validatorAdd(try proof(name(0), harness.population.voteKeys[0]), configuration: point.above.configuration)],
          of: Population.administrator)
      ], on: point)
    try harness.propose(back, view: 1)
    try harness.certify(back, view: 1)
    #expect(harness.votes.isEmpty)
    let next = LedgerPoints.after(back, in: harness)
    harness.receive(.certificate(try harness.finalization(back, next, view: 1)), from: 1)
    #expect(harness.replica.runningEpoch.own == ValidatorIndex(6) && harness.replica.runningEpoch.epoch == Epoch(2))
    harness.epoch = Epoch(2)
    harness.seats.append((0, harness.population.voteKeys[0]))
    let block = harness.block([try harness.transaction()], on: next)
    try harness.propose(block, view: 1)
    #expect(harness.votes.contains(.notarize(harness.proposal(block, view: 1))))
  }

  @Test("R48: a node that the directory lists becomes a peer, and its votes count from the epoch that it enters")
  func added() throws {
    let key = harness.ring.makeKey()
    let point = try close { configuration in
      [
        .directorySet(
          name: newcomer, member: Population.banks[0], pins: [Digest(99, 1, 1, 1)], addresses: ["10.0.0.99:7000"]),
        .validatorAdd(try proof(newcomer, key), configuration: configuration),
      ]
    }
    harness.seats.append((7, key))
    #expect(harness.known.last?.node.name == newcomer && harness.known.last?.id == PeerID(7))
    harness.step(.connected(PeerID(7)))
    let block = harness.block([try harness.transaction()], on: point)
    try harness.propose(block, view: 1)
    let statement = Statement.notarize(harness.proposal(block, view: 1))
    for seat in [3, 4, 5, 7] {
      harness.receive(.vote(try harness.vote(statement, by: seat)), from: harness.seats[seat].peer)
    }
    // With the leader's and the node's own, these are a quorum of eight.
    let finals = harness.votes.filter { $0.kind == .finalize }
    #expect(finals.count == 1)
  }

  @Test("R48: who leaves the directory is no peer any more")
  func unlisted() throws {
    let name = newcomer
    let set = harness.block([
      try harness.transaction(
        [
          .directorySet(
            name: name, member: Population.banks[0], pins: [Digest(99, 1, 1, 1)], addresses: ["10.0.0.99:7000"])
        ], of: Population.administrator)
    ])
    let points = try harness.points([set])
    try harness.finalize([set])
    #expect(harness.known.last?.node.name == name)
    harness.step(.connected(PeerID(7)))
    harness.receive(.fetchRange(from: Height(1)), from: 7)
    #expect(harness.ranges.map(\.peer) == [PeerID(7)])
    let removal = harness.block(
      [try harness.transaction([.directoryRemove(name: name)], of: Population.administrator)], on: points[0])
    try harness.propose(removal, view: 2, parent: 1)
    try harness.certify(removal, view: 2, parent: 1)
    let last = try harness.points([set, removal])[1]
    harness.receive(.certificate(try harness.finalization(removal, last, view: 2, parent: 1)), from: 1)
    #expect(harness.known.count == 7 && !harness.known.contains { $0.node.name == name })
    harness.receive(.fetchRange(from: Height(1)), from: 7)
    #expect(harness.ranges.count == 1)
    // Neither is what still waits of it taken for another's that has its number now.
    harness.step(.connected(PeerID(7)))
    harness.receive(.fetchRange(from: Height(1)), from: 7)
    #expect(harness.ranges.count == 1)
  }
}

/// What follows the committed chain of a harness.
enum LedgerPoints {
  static func after(_ block: Block, in harness: ReplicaHarness) -> ChainPoint {
    let blocks = harness.commits.map(\.block).filter { $0.digest != block.digest } + [block]
    guard let point = try? harness.points(blocks).last else { return harness.genesisPoint }
    return point
  }
}
