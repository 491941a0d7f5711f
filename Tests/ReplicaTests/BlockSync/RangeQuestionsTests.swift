import Primitives
import Testing

@testable import Replica

@Testing.Suite("The questions for ranges")
struct RangeQuestionsTests {
  private let peers: Set<PeerID> = [PeerID(1), PeerID(2), PeerID(3)]
  private let retry: UInt64 = 200_000
  private var now: UInt64 = 1_000_000
  private var questions = RangeQuestions()

  private mutating func ask(from height: UInt64 = 1, spacing: UInt64 = 0) -> [UInt16] {
    questions.ask(from: Height(height), peers, spacing: spacing, now: Tick(now), retry: retry).map(\.rawValue)
  }

  private mutating func serve(_ peer: UInt16, isFull: Bool = true) {
    guard let answer = questions.accept(from: PeerID(peer), now: Tick(now)) else {
      Issue.record("no answer of peer \(peer) is awaited")
      return
    }
    questions.answered(PeerID(peer))
    questions.served(PeerID(peer), answer, isFull: isFull, retry: retry)
  }

  @Test("H2: two peers are asked at once, then the one that served well alone")
  mutating func favourite() {
    #expect(ask() == [1, 2])
    serve(2)
    for height in UInt64(2)...5 {
      #expect(ask(from: height) == [2])
      serve(2)
    }
  }

  @Test("H2: when a peer that was asked alone is silent, two others are asked half a retry interval later")
  mutating func silentFavourite() {
    _ = ask()
    serve(1)
    #expect(ask(from: 2) == [1])
    now += retry / 2 - 1
    #expect(ask(from: 2) == [])
    now += 1
    #expect(questions.reviewAt == Tick(now))
    #expect(ask(from: 2) == [3, 2])
    // Its answer is still welcome, but it comes last now.
    #expect(questions.accept(from: PeerID(1), now: Tick(now)) != nil)
    serve(3)
    #expect(ask(from: 3) == [3])
  }

  @Test("H2: one block at a time, or an answer at the last moment, makes nobody the favourite")
  mutating func dripping() {
    #expect(ask() == [1, 2])
    serve(1, isFull: false)
    #expect(ask(from: 2) == [3, 2])
    now += retry / 2
    #expect(ask(from: 2) == [1])
    serve(2)
    // Late, so two are asked again.
    #expect(ask(from: 3).count == 2)
  }

  @Test("H2: a favourite that becomes slow without being late is compared with another and replaced")
  mutating func comparison() {
    _ = ask()
    serve(1)
    var height: UInt64 = 2
    while height < 50 {
      let asked = ask(from: height)
      now += retry / 2 - 1
      height += 1
      if asked.count == 1 {
        serve(1)
        continue
      }
      #expect(asked.contains(1))
      serve(asked.first { $0 != 1 } ?? 1)
      break
    }
    #expect(height < 20)
    #expect(ask(from: height) != [1])
  }

  @Test("How long others wait follows late answers, never those of a peer that was asked alone")
  mutating func patience() {
    _ = ask()
    now += retry / 2
    #expect(ask() == [3])
    now += 2 * retry
    serve(1)
    let asked = ask(from: 2)
    #expect(questions.reviewAt == Tick(now + 5 * retry))
    now += 4 * retry
    serve(asked[0])
    #expect(ask(from: 3) == [asked[0]])
    #expect(questions.reviewAt == Tick(now + 5 * retry))
  }

  @Test("H1: each question allows one answer, and a peer owes two at most")
  mutating func owed() {
    #expect(questions.accept(from: PeerID(1), now: Tick(now)) == nil)
    for _ in 0..<10 {
      _ = ask()
      now += 16 * retry
    }
    for peer in peers {
      let accepted = (0..<100).count { _ in questions.accept(from: peer, now: Tick(now)) != nil }
      #expect(accepted == 2)
    }
  }

  @Test("A silent peer is asked again after four retry intervals, if nobody else is left")
  mutating func repetition() {
    #expect(ask() == [1, 2])
    now += retry / 2
    #expect(ask() == [3])
    now += retry
    #expect(ask() == [])
    #expect(questions.areFruitless(peers))
    #expect(questions.reviewAt == Tick(1_000_000 + 4 * retry))
    now = 1_000_000 + 4 * retry
    #expect(ask() == [1, 2])
  }

  @Test("While a snapshot is being fetched, blocks are asked for at intervals")
  mutating func spacing() {
    #expect(ask(spacing: retry) == [1, 2])
    serve(1)
    #expect(ask(from: 2, spacing: retry) == [])
    #expect(questions.reviewAt == Tick(now + retry))
    now += retry
    #expect(ask(from: 2, spacing: retry) == [1])
  }

  @Test("When one of two peers has nothing or its link ends, a third one is asked in its place")
  mutating func replacement() {
    #expect(ask() == [1, 2])
    questions.disconnect(PeerID(1))
    #expect(ask() == [3])
    questions.refused(PeerID(3), Tick(now), retry: retry)
    #expect(ask() == [])
    #expect(questions.reviewAt == Tick(now + 10_000))
    now += 10_000
    // The third one rests for as long.
    #expect(ask() == [1])
  }
}
