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
    let ticket: Ticket
    let items: [VerificationItem]
    let peer: PeerID?
    let endsAtFirstInvalid: Bool
    let pieces: Int
    private let state: Mutex<State>

    private struct State {
      var results: [Bool]
      var isTaken: [Bool]
      var open: Int
    }

    /// The number of signatures in a piece: small enough to spread a batch over the workers, large enough to outweigh
    /// the cost of the hand-over.
    private static let pieceSize = 32

    init(_ request: VerificationRequest) {
      ticket = request.ticket
      items = request.items
      peer = request.peer
      endsAtFirstInvalid = request.endsAtFirstInvalid
      pieces = max(1, (items.count + Self.pieceSize - 1) / Self.pieceSize)
      state = Mutex(
        State(
          results: [Bool](repeating: false, count: items.count), isTaken: [Bool](repeating: false, count: pieces),
          open: pieces))
    }

    func range(_ piece: Int) -> Range<Int> {
      let start = piece * Self.pieceSize
      return start..<min(items.count, start + Self.pieceSize)
    }

    /// The range of a piece for the first caller. Nil for later ones, because a job that was hurried is in the queue
    /// twice, and once the job has ended.
    func take(_ piece: Int) -> Range<Int>? {
      let isFirst = state.withLock { state in
        defer { state.isTaken[piece] = true }
        return !state.isTaken[piece] && state.open > 0
      }
      return isFirst ? range(piece) : nil
    }

    /// Stores the results of a piece, which may have ended early. Returns the results of the whole job when that is
    /// the answer.
    func finish(_ range: Range<Int>, _ results: [Bool]) -> [Bool]? {
      state.withLock { state in
        guard state.open > 0 else { return nil }
        state.results.replaceSubrange(range.prefix(results.count), with: results)
        let isOver = endsAtFirstInvalid && results.last == false
        state.open = isOver ? 0 : state.open - 1
        return state.open == 0 ? state.results : nil
      }
    }
  }

  private struct Piece: Sendable {
    var job: Job
    var number: Int
  }

  private final class Shared: Sendable {
    let queue = Mutex(CheckQueue<Piece>())
    /// Signalled at least once for each piece, and once for each thread at the end.
    let signal = DispatchSemaphore(value: 0)
    let isClosed = Atomic(false)
    /// Jobs that are not answered yet and may be hurried.
    let jobs = Mutex<[Ticket: Job]>([:])
    let checked = Atomic(0)

    /// Waits for a piece. Nil once the pool is closed and none is left.
    func take() -> (piece: Piece, urgency: VerificationRequest.Urgency)? {
      while true {
        signal.wait()
        // There is none for a signal whose piece was taken as an interruption, or dropped.
        if let next = queue.withLock({ $0.take() }) { return next }
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
        while let next = shared.take() { Self.run(next.piece, next.urgency, &verifier, shared, answer) }
      }
    }
  }

  /// Checks a piece. More urgent pieces that arrive meanwhile are checked first, because a vote must not wait for 32
  /// transactions.
  private static func run(
    _ piece: Piece, _ urgency: VerificationRequest.Urgency, _ verifier: inout SignatureVerifier, _ shared: Shared,
    _ answer: @Sendable (Ticket, [Bool]) -> Void
  ) {
    let job = piece.job
    defer { shared.queue.withLock { $0.finish(urgency) } }
    guard let range = job.take(piece.number) else { return }
    var results: [Bool] = []
    results.reserveCapacity(range.count)
    for item in job.items[range] {
      while let urgent = shared.queue.withLock({ $0.interrupt(urgency) }) {
        run(urgent.piece, urgent.urgency, &verifier, shared, answer)
      }
      results.append(verifier.verify(item.signature, of: item.message, by: item.key))
      if job.endsAtFirstInvalid, results.last == false { break }
    }
    shared.checked.add(results.count, ordering: .relaxed)
    guard let all = job.finish(range, results) else { return }
    _ = shared.jobs.withLock { $0.removeValue(forKey: job.ticket) }
    answer(job.ticket, all)
  }

  /// Queues a request.
  package func submit(_ request: VerificationRequest) {
    let job = Job(request)
    if request.urgency == .transactions { shared.jobs.withLock { $0[request.ticket] = job } }
    put(job, request.urgency)
  }

  /// Answers a request on the calling thread.
  func verifyHere(_ request: VerificationRequest, _ verifier: inout SignatureVerifier) -> [Bool] {
    shared.checked.add(request.items.count, ordering: .relaxed)
    return verifier.verify(batch: request.items)
  }

  /// Raises the urgency of a waiting request to that of a block.
  func hurry(_ ticket: Ticket) {
    guard let job = shared.jobs.withLock({ $0[ticket] }) else { return }
    put(job, .block)
  }

  /// Forgets the requests for what a peer sent, up to this ticket. Of those that have begun, one may still be answered.
  func drop(of peer: PeerID, through ticket: Ticket) {
    shared.queue.withLock { $0.drop(of: peer, through: ticket) }
    shared.jobs.withLock { jobs in
      jobs = jobs.filter { $0.value.peer != peer || $0.key.number > ticket.number }
    }
  }

  private func put(_ job: Job, _ urgency: VerificationRequest.Urgency) {
    shared.queue.withLock { queue in
      for piece in 0..<job.pieces {
        queue.put(
          Piece(job: job, number: piece), signatures: job.range(piece).count, of: job.ticket, urgency, from: job.peer)
      }
    }
    for _ in 0..<job.pieces { shared.signal.signal() }
  }

  /// Ends the threads once all submitted requests are answered. Call it once.
  package func stop() {
    shared.isClosed.store(true, ordering: .releasing)
    for _ in threads { shared.signal.signal() }
    for thread in threads { thread.join() }
  }
}
