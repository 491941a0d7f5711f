import Ledger
import Primitives
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("Fetching a snapshot")
struct SnapshotJoinTests {
  private let peers: Set<PeerID> = [PeerID(1), PeerID(2), PeerID(3)]

  private func manifest(chunks: Int) throws -> SnapshotManifest {
    let harness = try ReplicaHarness()
    let block = harness.block([try harness.transaction()])
    let proposal = harness.proposal(block, view: 1)
    let certificate = try harness.certificate(.finalize(proposal, result: .zero), by: [1, 2, 3])
    let result = BlockResult(
      height: Height(1), block: block.digest, stateRoot: .zero, outcomeRoot: .zero,
      above: EpochReference(epoch: .first, configuration: .zero))
    return SnapshotManifest(
      entryCount: 1, chunks: Array(repeating: .zero, count: chunks),
      proof: CertifiedBlock(header: block.header, result: result, descendants: [], certificate: certificate))
  }

  @Test("chunks are requested from all peers in parallel, a few from each, and none twice while it is on its way")
  func spreads() throws {
    var join = SnapshotJoin()
    _ = join.begin(try manifest(chunks: 16), here: [], from: nil)
    let first = join.requests(of: peers, now: Tick(0), retry: 100)
    #expect(Set(first.map(\.peer)) == peers)
    #expect(Set(first.map(\.index)).count == first.count)
    #expect(first.count == 6)
    let answer1 = join.requests(of: peers, now: Tick(50), retry: 100)
    #expect(answer1.isEmpty)
  }

  @Test("chunks that exist already are not requested, and the last chunk makes the snapshot ready, once")
  func resumes() throws {
    var join = SnapshotJoin()
    let manifest = try manifest(chunks: 4)
    let here = join.begin(manifest, here: [0, 1, 3], from: nil)
    #expect(here == 3)
    let requests = join.requests(of: peers, now: Tick(0), retry: 100)
    #expect(requests.map(\.index) == [2])
    let answer2 = join.isReady()
    #expect(answer2 == nil)
    let answer3 = join.accepts(2, of: manifest.height, from: PeerID(9))
    #expect(!answer3)
    let answer4 = join.accepts(2, of: manifest.height, from: requests[0].peer)
    #expect(answer4)
    let answer5 = join.isReady()
    #expect(answer5 == manifest.height)
    let answer6 = join.isReady()
    #expect(answer6 == nil)
    #expect(join.isUnderWay)
  }

  @Test("a slow peer's chunks are requested from others, and nothing more is requested from it")
  func slow() throws {
    var join = SnapshotJoin()
    _ = join.begin(try manifest(chunks: 2), here: [], from: nil)
    let first = join.requests(of: [PeerID(1)], now: Tick(0), retry: 100)
    #expect(first.count == 2)
    let second = join.requests(of: peers, now: Tick(200), retry: 100)
    #expect(Set(second.map(\.index)) == [0, 1])
    #expect(!second.map(\.peer).contains(PeerID(1)))
  }

  @Test("if no peer has the snapshot any more it is given up, and another may be requested; without links it waits")
  func givesUp() throws {
    var join = SnapshotJoin()
    _ = join.begin(try manifest(chunks: 2), here: [], from: nil)
    let answer7 = join.requests(of: [], now: Tick(0), retry: 100)
    #expect(answer7.isEmpty)
    #expect(join.isUnderWay)
    let requests = join.requests(of: peers, now: Tick(0), retry: 100)
    for request in requests {
      let answer8 = join.accepts(request.index, of: Height(1), from: request.peer)
      #expect(answer8)
      join.refused(request.index, by: request.peer)
    }
    let again = join.requests(of: peers, now: Tick(10), retry: 100)
    #expect(again.allSatisfy { request in !requests.contains { $0.peer == request.peer } })
    for request in again {
      let answer9 = join.accepts(request.index, of: Height(1), from: request.peer)
      #expect(answer9)
      join.refused(request.index, by: request.peer)
    }
    _ = join.requests(of: peers, now: Tick(20), retry: 100)
    #expect(!join.isUnderWay)
  }

  @Test("S4: a manifest is accepted once from each peer that was asked, and from no other")
  func unasked() {
    var join = SnapshotJoin()
    let answer10 = join.accepts(from: PeerID(1))
    #expect(!answer10)
    let asked = join.nextPeer(of: peers, now: Tick(0), retry: 100)
    #expect(asked == PeerID(1))
    let answer11 = join.nextPeer(of: peers, now: Tick(50), retry: 100)
    #expect(answer11 == nil)
    let answer12 = join.accepts(from: PeerID(2))
    #expect(!answer12)
    let answer13 = join.accepts(from: PeerID(1))
    #expect(answer13)
    let answer14 = join.accepts(from: PeerID(1))
    #expect(!answer14)
  }

  /// Lets the only peer drip until the snapshot is given up. Returns when that happened.
  private func drip(_ join: inout SnapshotJoin, from start: UInt64) -> UInt64? {
    var now = start
    while join.isUnderWay, now < start + 100 * 1600 {
      let requests = join.requests(of: [PeerID(1)], now: Tick(now), retry: 100)
      now += 1599
      for request in requests { _ = join.accepts(request.index, of: Height(1), from: request.peer) }
      now += 1
    }
    return join.isUnderWay ? nil : now
  }

  @Test("H2: a snapshot that drips is set aside, the next peer is asked, and what is here is not fetched again")
  func setAside() throws {
    var join = SnapshotJoin()
    let manifest = try manifest(chunks: 64)
    _ = join.begin(manifest, here: [], from: PeerID(1))
    let now = try #require(drip(&join, from: 0))
    #expect(now <= 2 * 1600)
    #expect(!join.takes(manifest, now: Tick(now)))
    let asked = join.nextPeer(of: peers, now: Tick(now + 100), retry: 100)
    #expect(asked == PeerID(2))
    // Later it is taken again, if nobody has a better one.
    #expect(join.takes(manifest, now: Tick(now + 2 * 1600)))
    let here = join.begin(manifest, here: [], from: PeerID(2))
    #expect(here == 2)
    let again = try #require(drip(&join, from: now))
    #expect(again - now > 1600)
  }

  @Test("H2: a snapshot that the chain has passed is dropped")
  func passed() throws {
    var join = SnapshotJoin()
    _ = join.begin(try manifest(chunks: 2), here: [], from: nil)
    join.drop(through: .genesis)
    #expect(join.isUnderWay)
    join.drop(through: Height(1))
    #expect(!join.isUnderWay)
  }
}
