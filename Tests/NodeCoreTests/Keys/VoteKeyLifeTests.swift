import Primitives
import Replica
import Testing

@testable import NodeCore

@Testing.Suite("The life of a node's vote keys")
struct VoteKeyLifeTests {
  private func key(_ number: UInt64) -> PublicKey { PublicKey(prefix: 2, body: Digest(number, 0, 0, 0)) }

  private func life(next: PublicKey? = nil, voting: PublicKey?, isOpened: Bool = true) -> VoteKeyLife {
    var life = VoteKeyLife(
      HeldKeys(key(1), next: next),
      RunningEpoch(epoch: .first, validators: ["a"], own: nil, ownKey: voting, longestTimeout: 0), isOpened: isOpened)
    life.run()
    return life
  }

  @Test("R46: a key becomes the next one only after a durable record names it, and is not offered before")
  func generated() {
    var life = life(voting: key(1))
    #expect(life.due() == .generate)
    #expect(life.due() == nil, "one thing at a time")
    life.generated(key(2))
    #expect(life.due() == nil && life.offered(besides: []) == nil)
    // A record of another key says nothing about this one.
    life.record(key(9))
    #expect(life.due() == nil)
    life.record(key(2))
    #expect(life.due() == .complete(key(2)))
    #expect(life.offered(besides: []) == nil)
    life.completed()
    #expect(life.due() == nil)
    #expect(life.offered(besides: []) == key(2))
    #expect(life.offered(besides: [key(2)]) == nil)
  }

  @Test(
    "R47: the key of before goes once a block above the first view of the new epoch is final and durable, in any order")
  func succeeded() {
    for isBegunFirst in [true, false] {
      var life = life(next: key(2), voting: key(1))
      let epoch = Epoch(1)
      if isBegunFirst { life.begin(epoch, votingWith: key(2)) }
      life.final(Round(epoch: epoch, view: .genesis))
      #expect(!life.durable() && life.due() == nil, "the closing opens nothing")
      life.final(Round(epoch: epoch, view: View(1)))
      #expect(life.due() == nil, "not durable yet")
      let opens = life.durable()
      #expect(opens)
      if !isBegunFirst { life.begin(epoch, votingWith: key(2)) }
      #expect(life.due() == .succeed(by: key(2)))
      #expect(life.offered(besides: []) == nil, "a change is under way")
      #expect(life.succeeded() == key(1))
      #expect(life.held == HeldKeys(key(2)))
      #expect(life.due() == .generate)
    }
  }

  @Test("R47: the opening of an epoch in which the node votes with its present key, or with none, destroys nothing")
  func othersOpen() {
    for voting in [key(1), nil] {
      var life = life(next: key(2), voting: key(1))
      life.begin(Epoch(1), votingWith: voting)
      life.open(Epoch(1))
      #expect(life.due() == nil)
      #expect(life.held == HeldKeys(key(1), next: key(2)))
    }
  }

  @Test("What failed is due again only when it is tried again, and another event in between does not lose it")
  func failed() {
    var life = life(voting: key(1))
    _ = life.due()
    life.fail()
    #expect(life.due() == nil && life.hasFailed)
    life.retry()
    #expect(life.due() == .generate)
    life.generated(key(2))
    life.record(key(2))
    _ = life.due()
    life.fail()
    life.begin(Epoch(1), votingWith: key(1))
    life.retry()
    #expect(life.due() == .complete(key(2)))
  }

  @Test("A generated key that is gone before it was kept is never offered, and another one is generated")
  func lost() {
    var life = life(voting: key(1))
    _ = life.due()
    life.generated(key(2))
    life.record(key(2))
    _ = life.due()
    #expect(life.lost() == key(2))
    #expect(life.offered(besides: []) == nil)
    #expect(life.due() == .generate)
    life.generated(key(3))
    #expect(life.due() == nil, "the record of the lost key is not one of this key")
  }

  @Test("A node that does not take part generates no key, but ends a change that was under way")
  func startsThatFail() {
    let running = RunningEpoch(epoch: .first, validators: [], own: nil, ownKey: key(2), longestTimeout: 0)
    var life = VoteKeyLife(HeldKeys(key(1), next: key(2)), running, isOpened: true)
    #expect(life.due() == .succeed(by: key(2)))
    _ = life.succeeded()
    #expect(life.due() == nil)
  }
}
