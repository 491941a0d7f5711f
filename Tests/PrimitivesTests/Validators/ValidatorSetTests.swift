import Primitives
import Testing

@Suite("Validator sets, peers and rounds")
struct ValidatorSetTests {
  private func set(_ count: Int, epoch: UInt64 = 0) -> ValidatorSet {
    ValidatorSet(
      epoch: Epoch(epoch),
      validators: (0..<count).map { number in
        Validator(
          name: "node\(number)", voteKey: PublicKey(prefix: 2, body: Digest(UInt64(number), 0, 0, 0)))
      })
  }

  @Test("Rounds are ordered by epoch first: view 1 of the next epoch comes after view 500 of this one")
  func rounds() {
    let late = Round(epoch: Epoch(3), view: View(500))
    let next = Round(epoch: Epoch(4), view: View(1))
    #expect(late < next)
    #expect(Round(epoch: Epoch(3), view: View(499)) < late)
    #expect(!(late < late))
    #expect(Round.genesis < late)
  }

  @Test("The leaders take turns, and each epoch starts one place further", arguments: [1, 4, 7])
  func leaders(count: Int) {
    for epoch in 0..<UInt64(count) {
      let set = set(count, epoch: epoch)
      let turns = (0..<count).map { set.leader(of: View(UInt64($0) + 1)) }
      #expect(Set(turns).count == count)
      #expect(set.leader(of: .genesis) == ValidatorIndex(UInt16(epoch)))
      #expect(set.leader(of: View(.max)).rawValue < count)
    }
  }

  @Test("A validator is found by its vote key, and an index outside the set is not in it")
  func lookups() {
    let set = set(4)
    #expect(set.index(ofVoteKey: set.voteKey(of: ValidatorIndex(2))) == ValidatorIndex(2))
    #expect(set.index(ofVoteKey: PublicKey(prefix: 3, body: Digest(2, 0, 0, 0))) == nil)
    #expect(set.contains(ValidatorIndex(3)))
    #expect(!set.contains(ValidatorIndex(4)))
    #expect(Array(set.indices) == (0..<4).map { ValidatorIndex(UInt16($0)) })
    #expect(set.quorum.size == 3)
  }

  @Test("A peer is identified by its name: it need not be a validator, and a validator need not be a known peer")
  func peers() {
    let set = set(3)
    let directory = PeerDirectory(names: ["stranger", "node2", "node0"], validators: set)
    #expect(directory.validator(PeerID(0)) == nil)
    #expect(directory.validator(PeerID(1)) == ValidatorIndex(2))
    #expect(directory.validator(PeerID(2)) == ValidatorIndex(0))
    #expect(directory.validator(PeerID(3)) == nil)
    #expect(directory.peer(ValidatorIndex(0)) == PeerID(2))
    #expect(directory.peer(ValidatorIndex(1)) == nil)
    #expect(directory.peer(ValidatorIndex(7)) == nil)
    let whole = PeerDirectory(set)
    #expect(set.indices.allSatisfy { whole.peer($0) == PeerID($0.rawValue) })
  }
  @Test("Who leaves and comes back is another peer, even before anybody was told; numbers do not grow without end")
  func returning() {
    let set = set(3)
    var directory = PeerDirectory(set)
    var seen: Set<PeerID> = [PeerID(2)]
    for _ in 0..<64 {
      directory.list(["node0", "node1"], validators: set)
      #expect(directory.peer(ValidatorIndex(2)) == nil)
      directory.list(["node0", "node1", "node2"], validators: set)
      let peer = directory.peer(ValidatorIndex(2))
      #expect(peer.map { seen.insert($0).inserted } ?? false)
    }
    for _ in 0..<200 {
      directory.list(["node0", "node1"], validators: set)
      directory.list(["node0", "node1", "node2"], validators: set)
    }
    #expect(directory.ids.count == 3 && directory.peer(ValidatorIndex(2)).map { $0 < PeerID(80) } ?? false)
  }
}
