import Testing

@testable import Replica
@testable import Simulation

@Testing.Suite("Cores that check signatures")
struct CheckPoolTests {
  /// The tickets in the order of their results, and when each is done, in nanoseconds, if no other request arrives.
  private func answers(_ pool: inout CheckPool) -> [(ticket: UInt64, time: UInt64)] {
    var running: [CheckPool.Piece] = []
    var answers: [(ticket: UInt64, time: UInt64)] = []
    while true {
      while let piece = pool.begin() { running.append(piece) }
      guard let next = running.indices.min(by: { running[$0].done < running[$1].done }) else { return answers }
      let piece = running.remove(at: next)
      if pool.finish(piece) != nil { answers.append((piece.ticket.number, piece.done)) }
    }
  }

  private func pool(cores: Int) -> CheckPool {
    var costs = SimulatedCosts()
    costs.cores = cores
    costs.check = 50_000
    return CheckPool(costs)
  }

  private func submit(
    _ number: UInt64, _ count: Int, _ urgency: VerificationRequest.Urgency, to pool: inout CheckPool,
    at time: UInt64 = 0
  ) {
    pool.submit(
      VerificationRequest(ticket: Ticket(number: number), items: [], urgency: urgency),
      Array(repeating: true, count: count), at: time)
  }

  @Test("one core takes k times as long for k signatures", arguments: [1, 31, 32, 33, 500])
  func oneCore(count: Int) {
    var pool = pool(cores: 1)
    submit(1, count, .transactions, to: &pool, at: 7000)
    let answers = answers(&pool)
    #expect(answers.map(\.ticket) == [1])
    #expect(answers.first?.time == 7000 + UInt64(count) * 50_000)
    #expect(pool.busy == UInt64(count) * 50_000)
  }

  @Test("cores share a large request, a piece at a time")
  func fourCores() {
    var pool = pool(cores: 4)
    submit(1, 128, .block, to: &pool)
    #expect(answers(&pool).first?.time == 32 * 50_000)
  }

  @Test("votes come before signatures that a block waits for, and these before the others")
  func order() {
    var pool = pool(cores: 1)
    for number in UInt64(1)...3 { submit(number, 2, .transactions, to: &pool) }
    pool.hurry(Ticket(number: 3))
    submit(4, 1, .votes, to: &pool)
    let answers = answers(&pool)
    #expect(answers.map(\.ticket) == [4, 3, 1, 2])
    #expect(answers.map(\.time) == [50_000, 150_000, 250_000, 350_000])
  }

  @Test("H3: a flood of votes leaves one of eight checks to transactions")
  func flood() throws {
    var pool = pool(cores: 1)
    for number in UInt64(1)...1000 { submit(number, 1, .votes, to: &pool) }
    submit(2000, 32, .transactions, to: &pool)
    let place = answers(&pool).firstIndex { $0.ticket == 2000 }
    #expect(try #require(place) < 8 * 32)
  }
}
