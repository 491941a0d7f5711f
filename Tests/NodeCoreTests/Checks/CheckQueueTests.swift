import NodeCore
import Primitives
import Replica
import Testing

@Testing.Suite("The order of signature checks")
struct CheckQueueTests {
  private typealias Urgency = VerificationRequest.Urgency
  private var queue = CheckQueue()
  /// What was put, in the order of the tickets, which begin with 0.
  private var names: [String] = []

  private mutating func put(
    _ name: String, _ urgency: VerificationRequest.Urgency, signatures: Int = 1, from peer: UInt16? = nil
  ) {
    queue.put(Ticket(number: UInt64(names.count)), signatures: signatures, urgency, from: peer.map { PeerID($0) })
    names.append(name)
  }

  private func name(_ next: CheckQueue.Next?) -> String? { next.map { names[Int($0.piece.ticket.number)] } }

  /// Does the next piece, of this many signatures.
  private mutating func work(_ signatures: Int = 1) -> String? {
    guard let next = queue.take() else { return nil }
    queue.begin(signatures, next.urgency)
    queue.finish(next.urgency)
    return name(next)
  }

  private mutating func order(_ count: Int, _ signatures: Int = 1) -> [String] {
    (0..<count).compactMap { _ in work(signatures) }
  }

  @Test("N3: votes come before blocks, blocks before transactions, and each class in the order of arrival")
  mutating func classes() {
    for (name, urgency) in [
      ("t1", Urgency.transactions), ("b1", .block), ("t2", .transactions), ("v1", .votes), ("b2", .block),
    ] { put(name, urgency) }
    let order = order(6)
    #expect(order == ["v1", "b1", "b2", "t1", "t2"])
  }

  @Test("N3: between two signatures, only pieces that are more urgent are taken")
  mutating func interruption() {
    put("b1", .block)
    put("v1", .votes)
    put("t1", .transactions)
    let none = name(queue.interrupt(.votes))
    let vote = name(queue.interrupt(.block))
    let noneLeft = name(queue.interrupt(.block))
    let block = name(queue.interrupt(.transactions))
    let nothing = name(queue.interrupt(.transactions))
    #expect([none, vote, noneLeft, block, nothing] == [nil, "v1", nil, "b1", nil])
  }

  @Test("H3: while votes come without end, one of eight signatures is a block's or a transaction's")
  mutating func share() {
    for number in 0..<2000 { put("v\(number)", .votes) }
    for number in 0..<100 { put("b\(number)", .block) }
    for number in 0..<100 { put("t\(number)", .transactions) }
    var counts: [Character: Int] = [:]
    for name in order(800) { if let kind = name.first { counts[kind, default: 0] += 1 } }
    #expect(counts["t", default: 0] >= 99)
    #expect(counts["b", default: 0] >= 80)
    #expect(counts["v", default: 0] >= 600)
  }

  @Test("H3: a transaction's piece that votes interrupt goes on after seven of them")
  mutating func interruptedShare() {
    put("t", .transactions, signatures: 32)
    _ = queue.take()
    var before: [Int] = []
    for _ in 0..<32 {
      var votes = 0
      put("v", .votes)
      while let vote = queue.interrupt(.transactions) {
        queue.begin(1, vote.urgency)
        queue.finish(vote.urgency)
        votes += 1
        put("v", .votes)
      }
      before.append(votes)
    }
    #expect(before.allSatisfy { $0 == CheckQueue.share - 1 })
  }

  @Test("H3: within a class peers take turns by signatures, however much one has sent before the others")
  mutating func turns() {
    for number in 0..<100 { put("a\(number)", .transactions, signatures: 32, from: 1) }
    for number in 0..<64 { put("b\(number)", .transactions, from: 2) }
    put("own", .transactions)
    let first = order(35)
    #expect(first.count { $0.hasPrefix("a") } <= 2)
    #expect(first.count { $0.hasPrefix("b") } == 32)
    #expect(first.contains("own"))
  }

  @Test("H3: what waits of one peer is dropped up to a ticket, in all classes, and nothing of others")
  mutating func dropped() {
    put("t1", .transactions, from: 1)
    put("v1", .votes, from: 1)
    put("t2", .transactions, from: 2)
    queue.drop(of: PeerID(1), through: Ticket(number: UInt64(names.count - 1)))
    put("t3", .transactions, from: 1)
    let order = order(4)
    #expect(order == ["t2", "t3"])
  }
}
