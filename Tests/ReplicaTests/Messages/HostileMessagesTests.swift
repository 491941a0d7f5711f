import Consensus
import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Hostile messages")
struct HostileMessagesTests {
  /// Well-formed messages of every kind.
  static func samples(_ harness: ReplicaHarness) throws -> [PeerMessage] {
    let block = harness.block([try harness.transaction()])
    let proposal = harness.proposal(block, view: 1)
    let result = try harness.points([block])[0].result
    let finalization = try harness.certificate(.finalize(proposal, result: result), by: [1, 2, 3])
    var state = LedgerState(genesis: harness.population.genesis)
    let closing = Closing(
      result: try state.execute(block).result, certificate: finalization,
      configuration: harness.population.genesis.configuration)
    return [
      .transactions([try harness.transaction().bytes, try harness.transaction().bytes]),
      .proposal(try harness.vote(.notarize(proposal), by: 1), block: block.bytes),
      .vote(try harness.vote(harness.nullify(1), by: 2)),
      .vote(try harness.vote(.finalize(proposal, result: result), by: 3)),
      .certificate(try harness.certificate(.notarize(proposal), by: [1, 2, 3])),
      .certificate(try harness.certificate(harness.nullify(1), by: [1, 2, 3])),
      .certificate(finalization),
      .status(PeerStatus(epoch: .first, view: View(3), finalizedView: View(2), height: Height(2))),
      .fetchCertificates(of: .first, from: View(1), to: View(9)),
      .fetchBlock(block.digest),
      .block(block.bytes),
      .fetchRange(from: Height(1)),
      .range(BlockRange(blocks: [block.bytes], headers: [], finalization: finalization)),
      .fetchSnapshot(above: Height(3)),
      .snapshot([1, 2, 3]),
      .fetchChunk(Height(4), index: 5),
      .chunk(Height(4), index: 5, bytes: [6, 7]),
      .fetchFinal(Height(8)),
      .final(Height(8), [9]),
      .fetchClosings(from: Epoch(3)),
      .closings(Closings([closing])),
    ]
  }

  private func expectBounded(_ harness: ReplicaHarness, _ what: String) {
    let replica = [
      harness.replica.chain.tree.count, harness.replica.blockSync.wantedCount, harness.replica.proposals.checkCount,
      harness.replica.proposals.certificationCount, harness.replica.context.tickets.count,
      harness.replica.peers.statuses.count, harness.replica.proposals.proposedCount,
    ]
    #expect(replica.allSatisfy { $0 <= 2 * Limits.orphanBlocks }, "\(what): \(replica)")
  }

  @Test("N1: random bytes from a peer never trap and are blamed", arguments: 0..<4)
  func randomBytes(part: UInt64) throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    var generator = SeededGenerator(seed: part)
    for _ in 0..<1500 {
      var bytes = (0..<Int.random(in: 0...400, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      // Half of them get past the first byte.
      if !bytes.isEmpty, Bool.random(using: &generator) { bytes[0] = UInt8.random(in: 1...14, using: &generator) }
      harness.step(.frame(from: PeerID(UInt16.random(in: 0...5, using: &generator)), bytes: bytes))
    }
    #expect(harness.stopReason == nil)
    #expect(!harness.blame.isEmpty)
    expectBounded(harness, "random bytes")
  }

  @Test("N1: changed, cut and lengthened frames of every kind never trap", arguments: 0..<13)
  func mutatedFrames(kind: Int) throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    let sample = try Self.samples(harness)[kind].encoded()
    var generator = SeededGenerator(seed: UInt64(kind))
    for _ in 0..<400 {
      var bytes = sample
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
      case 1: bytes.append(UInt8.random(in: 0...255, using: &generator))
      default:
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
      }
      harness.step(.frame(from: PeerID(UInt16.random(in: 1...3, using: &generator)), bytes: bytes))
    }
    #expect(harness.stopReason == nil)
    expectBounded(harness, "kind \(kind)")
  }

  @Test("N1: every strict prefix of a frame, and every frame with an extra byte, is refused")
  func prefixes() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    for message in try Self.samples(harness) {
      let bytes = message.encoded()
      for count in 0..<bytes.count {
        #expect(throws: CodecError.self) { try PeerMessage(Array(bytes.prefix(count))) }
      }
      #expect(throws: CodecError.self) { try PeerMessage(bytes + [0]) }
    }
  }

  @Test("C13: numbers from everywhere in every numeric field neither trap nor fill memory", arguments: 0..<3)
  func numbers(part: UInt64) throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    var generator = SeededGenerator(seed: 100 + part)
    let edges: [UInt64] = [0, 1, 2, 63, 64, 65, 1 << 31, 1 << 32, 1 << 62, 1 << 63, .max - 2, .max - 1, .max]
    func number() -> UInt64 {
      Bool.random(using: &generator) ? generator.next() : edges[Int.random(in: 0..<edges.count, using: &generator)]
    }
    func digest() -> Digest { Digest(number(), number(), number(), number()) }
    for _ in 0..<1200 {
      let signer = Int.random(in: 1...3, using: &generator)
      let view = View(max(1, number()))
      let epoch = Epoch(Bool.random(using: &generator) ? 0 : number())
      let parent = View(number() % view.rawValue)
      let proposal = Proposal(epoch: epoch, view: view, parent: parent, block: digest())
      let statement: Statement =
        [.notarize(proposal), .nullify(epoch: epoch, view: view), .finalize(proposal, result: digest())]
        .randomElement(using: &generator) ?? .nullify(epoch: epoch, view: view)
      // Truly signed: a faulty validator may sign what it likes, but it is no quorum.
      let vote = try harness.vote(statement, by: signer)
      let forged = Certificate(
        statement: statement, signers: [1, 2, 3].map { ValidatorIndex($0) },
        signatures: [vote.signature, vote.signature, vote.signature])
      let messages: [PeerMessage] = [
        .vote(vote), .certificate(forged),
        .status(
          PeerStatus(epoch: epoch, view: View(number()), finalizedView: View(number()), height: Height(number()))),
        .fetchCertificates(of: .first, from: View(number()), to: View(number())), .fetchRange(from: Height(number())),
        .fetchBlock(digest()),
      ]
      harness.receive(messages[Int.random(in: 0..<messages.count, using: &generator)], from: signer)
    }
    #expect(harness.stopReason == nil)
    // Some of it was a quorum's true word about the first views.
    #expect(harness.replica.status.view < View(4))
    #expect(harness.ranges.isEmpty)
    expectBounded(harness, "numbers")
  }

  @Test("C13: a header with the maximum height and time neither traps nor is accepted")
  func lastHeight() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    for height in [UInt64.max, .max - 1, 1 << 63] as [UInt64] {
      var header = harness.block().header
      header.height = Height(height)
      header.timestamp = Timestamp(.max)
      var writer = Writer()
      header.encode(into: &writer, chain: harness.population.chain)
      let block = try Block(bytes: writer.bytes, chain: harness.population.chain, hash: &harness.hash)
      harness.receive(.block(block.bytes), from: 1)
      try harness.propose(block, view: 1)
    }
    #expect(harness.votes == [harness.nullify(1)])
    #expect(harness.replica.status.committed.height == .genesis)
  }

  @Test("C16: a signer or a bitmap outside the set is refused without a trap")
  func signersOutside() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    var vote = try harness.vote(harness.nullify(1), by: 1)
    for signer in [UInt16(4), 255, 256, 4096, .max] {
      vote.signer = ValidatorIndex(signer)
      harness.receive(.vote(vote), from: 1)
    }
    harness.step(.frame(from: PeerID(.max), bytes: PeerMessage.vote(vote).encoded()))
    for signers in [[1, 2, 4], [1, 2, 255], [253, 254, 255], [3], [1, 2]] {
      let certificate = Certificate(
        statement: harness.nullify(1), signers: signers.map { ValidatorIndex(UInt16($0)) },
        signatures: signers.map { _ in vote.signature })
      harness.receive(.certificate(certificate), from: 1)
    }
    #expect(harness.requests.isEmpty)
    #expect(harness.replica.status.view == View(1))
    #expect(harness.blame.count { $0 == "certificate.no-quorum" } == 5)
    #expect(harness.blame.count { $0 == "encoding.too-long" } == 3)
  }

  @Test("the signature checks in progress for one peer's messages are bounded")
  func checksPerPeer() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    harness.areWorkersPrompt = false
    for view in 1...2 * UInt64(Limits.peerChecks) {
      harness.receive(.certificate(try harness.certificate(harness.nullify(view), by: [1, 2, 3])), from: 1)
    }
    #expect(harness.requests.count == Limits.peerChecks)
    // Another peer is not held back by it, and the answers free the room again.
    let proposal = harness.proposal(harness.block(), view: 1)
    harness.receive(.vote(try harness.vote(.notarize(proposal), by: 2)), from: 2)
    #expect(harness.requests.count == Limits.peerChecks + 1)
    while let request = harness.requests.first { harness.verify(request) }
    #expect(harness.replica.context.tickets.count == 0)
  }

  @Test("unrequested blocks are not kept")
  func unaskedBlocks() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    for _ in 0..<20 { harness.receive(.block(harness.block([try harness.transaction()]).bytes), from: 2) }
    #expect(harness.replica.chain.tree.count == 0)
  }

  @Test("a vote with an invalid signature does not count and is blamed")
  func forgedVote() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    for signer in 1...3 {
      var vote = try harness.vote(harness.nullify(1), by: signer)
      vote.signature.first.word0 ^= 1
      harness.receive(.vote(vote), from: signer)
    }
    #expect(harness.blame == Array(repeating: "vote.bad-signature", count: 3))
    #expect(harness.replica.status.view == View(1))
  }
}
