import Consensus
import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("The block sync machine")
struct BlockSyncTests {
  private let harness: MachineHarness
  private let peers: Set<PeerID> = [PeerID(1), PeerID(2), PeerID(3)]
  private var sync = BlockSync()

  init() throws { harness = try MachineHarness() }

  private func finalization(_ block: Block) throws -> Certificate {
    try harness.maker.certificate(.finalize(harness.maker.proposal(block, view: 1), result: .zero), by: [1, 2, 3])
  }

  private mutating func fetchRange() -> [PeerID] { sync.fetchRange(above: .genesis, peers, &harness.context) }

  @Test("Nothing is asked without a target, and a question that is on its way is not repeated")
  mutating func once() throws {
    #expect(fetchRange() == [])
    sync.finalized(try finalization(harness.maker.block()))
    #expect(fetchRange() == [PeerID(1), PeerID(2)])
    #expect(fetchRange() == [])
    #expect(try harness.messages == Array(repeating: .fetchRange(from: Height(1)), count: 2))
  }

  @Test("After a peer that has no more blocks, the next ones are asked a little later")
  mutating func refused() throws {
    sync.finalized(try finalization(harness.maker.block()))
    #expect(fetchRange() == [PeerID(1), PeerID(2)])
    sync.refused(by: PeerID(3), harness.context)
    #expect(fetchRange() == [])
    sync.refused(by: PeerID(1), harness.context)
    #expect(fetchRange() == [])
    harness.advance(microseconds: 10_000)
    #expect(fetchRange() == [PeerID(3)])
  }

  @Test("S2: only the peer that was asked may answer, once, and an inconsistent range is blamed")
  mutating func answers() throws {
    let block = harness.maker.block([try harness.maker.transaction()])
    let range = BlockRange(blocks: [block.bytes], headers: [], finalization: try finalization(block))
    sync.receive(range, from: PeerID(1), harness.chain, &harness.context)
    sync.finalized(try finalization(block))
    _ = fetchRange()
    sync.receive(range, from: PeerID(3), harness.chain, &harness.context)
    #expect(harness.requests.isEmpty)
    sync.receive(range, from: PeerID(1), harness.chain, &harness.context)
    sync.receive(range, from: PeerID(1), harness.chain, &harness.context)
    #expect(harness.requests.count == 1)
    var broken = range
    broken.finalization = try finalization(harness.maker.block())
    sync.receive(broken, from: PeerID(2), harness.chain, &harness.context)
    #expect(harness.blame == ["sync.not-final"])
    #expect(harness.requests.count == 1)
  }

  @Test("Blocks of a range enter the tree only if its certificate is valid")
  mutating func verified() throws {
    let block = harness.maker.block([try harness.maker.transaction()])
    sync.finalized(try finalization(block))
    _ = fetchRange()
    sync.receive(
      BlockRange(blocks: [block.bytes], headers: [], finalization: try finalization(block)), from: PeerID(1),
      harness.chain, &harness.context)
    guard case .range(let range, let peer) = harness.context.tickets.finish(harness.requests[0].ticket) else {
      Issue.record("no range under the ticket")
      return
    }
    harness.forgetEffects()
    let isBad = sync.finish(range, false, from: peer, isStopped: false, &harness.chain, &harness.context)
    #expect(!isBad)
    #expect(harness.chain.tree.count == 0)
    #expect(harness.blame == ["certificate.bad-signature"])
    // Another one is asked at once; the same range may come from there.
    #expect(fetchRange() == [PeerID(3)])
    sync.receive(
      BlockRange(blocks: [block.bytes], headers: [], finalization: try finalization(block)), from: PeerID(3),
      harness.chain, &harness.context)
    let isGood = sync.finish(range, true, from: PeerID(3), isStopped: false, &harness.chain, &harness.context)
    #expect(isGood)
    #expect(harness.chain.tree.count == 1)
  }

  @Test(
    "H2: a wanted block is requested from its round's leader, then from two peers at each interval, until its round is final"
  )
  mutating func wanted() throws {
    let block = harness.maker.block([try harness.maker.transaction()])
    sync.want(block.digest, of: harness.round(2))
    for _ in 0..<3 {
      sync.fetchWanted(harness.consensus, harness.chain, peers, &harness.context)
      sync.fetchWanted(harness.consensus, harness.chain, peers, &harness.context)
      harness.advance(microseconds: harness.configuration.retryInterval)
    }
    #expect(harness.sent.map(\.to) == [2, 1, 3, 2, 1].map { .peer(PeerID($0)) })
    harness.feed(.certificate(try harness.maker.certificate(.finalize(proposal(block), result: .zero), by: [1, 2, 3])))
    sync.fetchWanted(harness.consensus, harness.chain, peers, &harness.context)
    #expect(sync.wantedCount == 0)
  }

  private func proposal(_ block: Block) -> Proposal {
    Proposal(epoch: .first, view: View(2), parent: .genesis, block: block.digest)
  }

  @Test("H5: once a validator has voted for a wanted block it is asked at once, and before the leader")
  mutating func holders() throws {
    let block = harness.maker.block([try harness.maker.transaction()])
    let vote = try harness.maker.vote(.notarize(proposal(block)), by: 3)
    sync.want(block.digest, of: harness.round(2))
    sync.fetchWanted(harness.consensus, harness.chain, peers, &harness.context)
    harness.feed(.vote(vote))
    sync.fetchWanted(harness.consensus, harness.chain, peers, &harness.context)
    sync.fetchWanted(harness.consensus, harness.chain, peers, &harness.context)
    #expect(harness.sent.map(\.to) == [2, 3, 2].map { .peer(PeerID($0)) })

    var other = BlockSync()
    other.want(block.digest, of: harness.round(2))
    harness.forgetEffects()
    other.fetchWanted(harness.consensus, harness.chain, peers, &harness.context)
    #expect(harness.sent.map(\.to) == [.peer(PeerID(3))])
  }

  @Test(
    "A block is accepted only from a peer that was asked for one, if it was requested, for the round that needed it")
  mutating func single() throws {
    let block = harness.maker.block([try harness.maker.transaction()])
    sync.want(block.digest, of: harness.round(2))
    let unasked = sync.receive(block.bytes, from: PeerID(2), &harness.context)
    #expect(unasked == nil)
    sync.fetchWanted(harness.consensus, harness.chain, peers, &harness.context)
    let stranger = sync.receive(block.bytes, from: PeerID(1), &harness.context)
    #expect(stranger == nil)
    let found = sync.receive(block.bytes, from: PeerID(2), &harness.context)
    #expect(found?.block.digest == block.digest)
    #expect(found?.round == harness.round(2))
    let again = sync.receive(block.bytes, from: PeerID(2), &harness.context)
    #expect(again == nil)
  }

  @Test("H1: for each question one block is decoded, whatever it is, and everything beyond is dropped unread")
  mutating func unasked() throws {
    sync.want(Digest(1, 0, 0, 0), of: harness.round(2))
    for _ in 0..<3 {
      sync.fetchWanted(harness.consensus, harness.chain, peers, &harness.context)
      for peer in peers.sorted() {
        for _ in 0..<100 { _ = sync.receive([1, 2, 3], from: peer, &harness.context) }
      }
      harness.advance(microseconds: harness.configuration.retryInterval)
    }
    // The leader once, then two peers each time.
    #expect(harness.blame.count == 5)
  }

  @Test("The number of wanted blocks is limited to the number of orphans")
  mutating func bounded() {
    for number in UInt64(1)...1000 { sync.want(Digest(number, 0, 0, 0), of: harness.round(number)) }
    #expect(sync.wantedCount == Limits.orphanBlocks)
  }
}
