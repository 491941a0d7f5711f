internal import Cryptography
internal import Dispatch
internal import NodeCore
package import Primitives
package import Replica
internal import Synchronization

/// Worker threads that check signatures, each with its own verifier, in the order of a `CheckQueue`.
package final class VerifyPool: Sendable {
  /// A request, divided into pieces that several workers take; the last worker to finish answers it, or the first one
  /// that finds an invalid signature if the request ends there.
  private final class Job: Sendable {
    let request: VerificationRequest
    private let state: Mutex<State>

    private struct State {
      var results: [Bool]
      var isTaken: [Bool]
      var open: Int
    }

    init(_ request: VerificationRequest) {
      self.request = request
      let count = request.items.count
      let pieces = CheckQueue.pieces(of: count)
      state = Mutex(
        State(
          results: [Bool](repeating: false, count: count), isTaken: [Bool](repeating: false, count: pieces),
          open: pieces))
    }

    /// The range of a piece for the first caller. Nil for later ones, because a job that was hurried is in the queue
    /// twice, and once the job has ended.
    func take(_ piece: CheckQueue.Piece) -> Range<Int>? {
      let isFirst = state.withLock { state in
        defer { state.isTaken[piece.number] = true }
        return !state.isTaken[piece.number] && state.open > 0
      }
      return isFirst ? piece.range(of: request.items.count) : nil
    }

    /// Stores the results of a piece, which may have ended early. Returns the results of the whole job when that is
    /// the answer.
    func finish(_ range: Range<Int>, _ results: [Bool]) -> [Bool]? {
      state.withLock { state in
        guard state.open > 0 else { return nil }
        state.results.replaceSubrange(range.prefix(results.count), with: results)
        let isOver = request.endsAtFirstInvalid && results.last == false
        state.open = isOver ? 0 : state.open - 1
        return state.open == 0 ? state.results : nil
      }
    }
  }

  /// A piece that a worker has to check.
  private struct Assignment {
    var job: Job
    var piece: CheckQueue.Piece
    var urgency: VerificationRequest.Urgency
  }

  private struct Work {
    var queue = CheckQueue()
    /// The jobs that are not answered yet.
    var jobs: [Ticket: Job] = [:]

    mutating func put(_ job: Job, _ urgency: VerificationRequest.Urgency) {
      let request = job.request
      queue.put(request.ticket, signatures: request.items.count, urgency, from: request.peer)
    }

    mutating func take() -> Assignment? {
      while let next = queue.take() { if let task = task(next) { return task } }
      return nil
    }

    mutating func interrupt(_ urgency: VerificationRequest.Urgency) -> Assignment? {
      while let next = queue.interrupt(urgency) { if let task = task(next) { return task } }
      return nil
    }

    /// Nil if the job has been answered. The piece is then done.
    private mutating func task(_ next: CheckQueue.Next) -> Assignment? {
      if let job = jobs[next.piece.ticket] { return Assignment(job: job, piece: next.piece, urgency: next.urgency) }
      queue.finish(next.urgency)
      return nil
    }
  }

  private final class Shared: Sendable {
    let work = Mutex(Work())
    /// Signalled at least once for each piece, and once for each thread at the end.
    let signal = DispatchSemaphore(value: 0)
    let isClosed = Atomic(false)
    let checked = Atomic(0)

    /// Waits for a piece. Nil once the pool is closed and none is left.
    func take() -> Assignment? {
      while true {
        signal.wait()
        // There is none for a signal whose piece was taken as an interruption, or dropped.
        if let task = work.withLock({ $0.take() }) { return task }
        if isClosed.load(ordering: .acquiring) { return nil }
      }
    }
  }

  private let shared = Shared()
  private let threads: [WorkerThread]

  /// The number of signatures checked since the start.
  var checked: Int { shared.checked.load(ordering: .relaxed) }

  /// Starts `count` threads. `answer` is called on them, once for each request that is not dropped, with whether each
  /// signature was found valid, in the order of the items.
  package init(suite: Suite, threads count: Int, answer: @escaping @Sendable (Ticket, [Bool]) -> Void) {
    let shared = shared
    threads = (0..<count).map { index in
      WorkerThread("verify-\(index)") {
        var verifier = SignatureVerifier(suite)
        while let task = shared.take() { Self.run(task, &verifier, shared, answer) }
      }
    }
  }

  /// Checks a piece. More urgent pieces that arrive meanwhile are checked first, because a vote must not wait for 32
  /// transactions.
  private static func run(
    _ task: Assignment, _ verifier: inout SignatureVerifier, _ shared: Shared,
    _ answer: @Sendable (Ticket, [Bool]) -> Void
  ) {
    let request = task.job.request
    var answers: [Bool]?
    if let range = task.job.take(task.piece) {
      var results: [Bool] = []
      results.reserveCapacity(range.count)
      for item in request.items[range] {
        while let urgent = shared.work.withLock({ $0.interrupt(task.urgency) }) {
          run(urgent, &verifier, shared, answer)
        }
        results.append(verifier.verify(item.signature, of: item.message, by: item.key))
        if request.endsAtFirstInvalid, results.last == false { break }
      }
      shared.checked.add(results.count, ordering: .relaxed)
      answers = task.job.finish(range, results)
    }
    shared.work.withLock { work in
      work.queue.finish(task.urgency)
      if answers != nil { work.jobs[request.ticket] = nil }
    }
    if let answers { answer(request.ticket, answers) }
  }

  /// Queues a request.
  package func submit(_ request: VerificationRequest) {
    let job = Job(request)
    shared.work.withLock { work in
      work.jobs[request.ticket] = job
      work.put(job, request.urgency)
    }
    signal(job)
  }

  /// Answers a request on the calling thread.
  func verifyHere(_ request: VerificationRequest, _ verifier: inout SignatureVerifier) -> [Bool] {
    shared.checked.add(request.items.count, ordering: .relaxed)
    return verifier.verify(batch: request.items)
  }

  /// Raises the urgency of waiting transactions to that of a block.
  func hurry(_ ticket: Ticket) {
    let hurried = shared.work.withLock { work -> Job? in
      guard let job = work.jobs[ticket], job.request.urgency > .block else { return nil }
      work.put(job, .block)
      return job
    }
    if let hurried { signal(hurried) }
  }

  /// Forgets the requests for what a peer sent, up to this ticket. Of those that have begun, one may still be answered.
  func drop(of peer: PeerID, through ticket: Ticket) {
    shared.work.withLock { work in
      work.queue.drop(of: peer, through: ticket)
      work.jobs = work.jobs.filter { $0.value.request.peer != peer || $0.key.number > ticket.number }
    }
  }

  private func signal(_ job: Job) {
    for _ in 0..<CheckQueue.pieces(of: job.request.items.count) { shared.signal.signal() }
  }

  /// Ends the threads once all submitted requests are answered. Call it once.
  package func stop() {
    shared.isClosed.store(true, ordering: .releasing)
    for _ in threads { shared.signal.signal() }
    for thread in threads { thread.join() }
  }
}
