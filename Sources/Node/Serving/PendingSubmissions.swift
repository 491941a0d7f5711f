internal import Primitives
internal import Replica
internal import Synchronization

/// Returns the replica's answers to the callers that submitted transactions.
final class PendingSubmissions: Sendable {
  typealias Answer = Result<Acceptance, SubmissionRefusal>

  /// The answers of one call, until all are there.
  private final class Batch: Sendable {
    private struct State {
      var answers: [Answer?]
      var open: Int
      var resume: CheckedContinuation<[Answer], Never>?
    }

    private let state: Mutex<State>

    init(count: Int, resume: CheckedContinuation<[Answer], Never>) {
      state = Mutex(State(answers: Array(repeating: nil, count: count), open: count, resume: resume))
    }

    func take(_ answer: Answer, at index: Int) {
      let done = state.withLock { state -> (CheckedContinuation<[Answer], Never>, [Answer])? in
        guard state.answers[index] == nil else { return nil }
        state.answers[index] = answer
        state.open -= 1
        guard state.open == 0, let resume = state.resume.take() else { return nil }
        return (resume, state.answers.compactMap(\.self))
      }
      if let (resume, answers) = done { resume.resume(returning: answers) }
    }
  }

  private struct State {
    var open: [SubmissionToken: (batch: Batch, index: Int)] = [:]
    var last: UInt64 = 0
    var isClosed = false
    /// Total bytes of the calls whose answers are open.
    var bytes = 0
  }

  private let state = Mutex(State())
  /// The maximum bytes of transactions on their way to the replica at the same time.
  private static let byteLimit = 64 << 20

  /// Passes `transactions` to `submit` and waits for all answers. `submit` returns whether the loop accepted them.
  func submit(
    _ transactions: [[UInt8]], through submit: @Sendable ([Submission]) -> Bool
  ) async -> [Answer] {
    guard !transactions.isEmpty else { return [] }
    let bytes = transactions.reduce(0) { $0 + $1.count }
    let hasRoom = state.withLock { state in
      guard state.bytes + bytes <= Self.byteLimit else { return false }
      state.bytes += bytes
      return true
    }
    guard hasRoom else { return Array(repeating: .failure(.busy), count: transactions.count) }
    defer { state.withLock { $0.bytes -= bytes } }
    return await withCheckedContinuation { continuation in
      let batch = Batch(count: transactions.count, resume: continuation)
      let submissions = state.withLock { state -> [Submission]? in
        guard !state.isClosed else { return nil }
        return transactions.enumerated().map { index, bytes in
          state.last += 1
          let token = SubmissionToken(number: state.last)
          state.open[token] = (batch, index)
          return Submission(token: token, bytes: bytes)
        }
      }
      guard let submissions else {
        for index in transactions.indices { batch.take(.failure(.busy), at: index) }
        return
      }
      guard !submit(submissions) else { return }
      for submission in submissions {
        answer(SubmissionAnswer(token: submission.token, answer: .failure(.busy)))
      }
    }
  }

  func answer(_ answer: SubmissionAnswer) {
    guard let open = state.withLock({ $0.open.removeValue(forKey: answer.token) }) else { return }
    open.batch.take(answer.answer, at: open.index)
  }

  /// Answers all open calls with `busy`, because the node is stopping.
  func close() {
    let open = state.withLock { state in
      state.isClosed = true
      defer { state.open = [:] }
      return Array(state.open.values)
    }
    for entry in open { entry.batch.take(.failure(.busy), at: entry.index) }
  }
}
