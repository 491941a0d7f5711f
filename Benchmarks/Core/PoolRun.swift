import Cryptography
import Dispatch
import Node
import Primitives
import Replica
import Synchronization

/// The node's pool of verifiers, with a caller that submits requests and waits for all answers.
final class PoolRun: Sendable {
  private struct State {
    var open = 0
    var valid = 0
  }

  private final class Answers: Sendable {
    let state = Mutex(State())
    let done = DispatchSemaphore(value: 0)

    func take(_ results: [Bool]) {
      let isLast = state.withLock { state in
        state.open -= 1
        state.valid += results.count { $0 }
        return state.open == 0
      }
      if isLast { done.signal() }
    }
  }

  private let answers: Answers
  private let pool: VerifyPool

  init(_ suite: Suite, threads: Int) {
    let answers = Answers()
    self.answers = answers
    pool = VerifyPool(suite: suite, threads: threads) { answers.take($1) }
  }

  /// Submits all requests together and returns the number of valid signatures.
  func check(_ requests: [[VerificationItem]]) -> Int {
    answers.state.withLock { $0 = State(open: requests.count) }
    for (number, items) in requests.enumerated() {
      pool.submit(VerificationRequest(ticket: Ticket(number: UInt64(number)), items: items, urgency: .transactions))
    }
    answers.done.wait()
    return answers.state.withLock { $0.valid }
  }

  func stop() { pool.stop() }
}
