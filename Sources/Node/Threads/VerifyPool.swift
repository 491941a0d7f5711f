internal import Cryptography
package import Primitives
package import Replica
internal import Synchronization

/// Worker threads that check signatures, each with its own verifier.
package final class VerifyPool: Sendable {
  /// A request, divided into pieces that several workers take; the last worker to finish answers it.
  private final class Job: Sendable {
    let ticket: Ticket
    let items: [VerificationItem]
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
      pieces = max(1, (items.count + Self.pieceSize - 1) / Self.pieceSize)
      state = Mutex(
        State(
          results: [Bool](repeating: false, count: items.count), isTaken: [Bool](repeating: false, count: pieces),
          open: pieces))
    }

    /// The range of a piece for the first caller, nil for later ones: a job that was hurried is in the queue twice.
    func take(_ piece: Int) -> Range<Int>? {
      let isFirst = state.withLock { state in
        defer { state.isTaken[piece] = true }
        return !state.isTaken[piece]
      }
      guard isFirst else { return nil }
      let start = piece * Self.pieceSize
      return start..<min(items.count, start + Self.pieceSize)
    }

    /// Stores the results of a piece; returns the results of the whole job when the last piece is done.
    func finish(_ range: Range<Int>, _ results: [Bool]) -> [Bool]? {
      state.withLock { state in
        state.results.replaceSubrange(range, with: results)
        state.open -= 1
        return state.open == 0 ? state.results : nil
      }
    }
  }

  private struct Piece: Sendable {
    var job: Job
    var number: Int
    var urgency: VerificationRequest.Urgency
  }

  private final class Shared: Sendable {
    let mailbox = Mailbox<Piece>(limit: .max, classes: VerificationRequest.Urgency.allCases.count)
    /// Jobs that are not answered yet and may be hurried.
    let jobs = Mutex<[Ticket: Job]>([:])
    let checked = Atomic(0)
  }

  private let shared = Shared()
  private let threads: [WorkerThread]

  /// The number of signatures checked since the start.
  var checked: Int { shared.checked.load(ordering: .relaxed) }

  /// Starts `count` threads. `answer` is called on them, once for each request, with whether each signature is valid,
  /// in the order of the items.
  package init(suite: Suite, threads count: Int, answer: @escaping @Sendable (Ticket, [Bool]) -> Void) {
    let shared = shared
    threads = (0..<count).map { index in
      WorkerThread("verify-\(index)") {
        var verifier = SignatureVerifier(suite)
        while let piece = shared.mailbox.takeOne() { Self.run(piece, &verifier, shared, answer) }
      }
    }
  }

  /// Checks a piece. More urgent pieces that arrive meanwhile are checked first, because a vote must not wait for 32
  /// transactions.
  private static func run(
    _ piece: Piece, _ verifier: inout SignatureVerifier, _ shared: Shared,
    _ answer: @Sendable (Ticket, [Bool]) -> Void
  ) {
    guard let range = piece.job.take(piece.number) else { return }
    var results: [Bool] = []
    results.reserveCapacity(range.count)
    for item in piece.job.items[range] {
      while let urgent = shared.mailbox.takeOne(below: piece.urgency.rawValue) {
        run(urgent, &verifier, shared, answer)
      }
      results.append(verifier.verify(item.signature, of: item.message, by: item.key))
    }
    shared.checked.add(range.count, ordering: .relaxed)
    guard let all = piece.job.finish(range, results) else { return }
    _ = shared.jobs.withLock { $0.removeValue(forKey: piece.job.ticket) }
    answer(piece.job.ticket, all)
  }

  /// Queues a request, ahead of all less urgent ones.
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

  private func put(_ job: Job, _ urgency: VerificationRequest.Urgency) {
    for piece in 0..<job.pieces {
      shared.mailbox.force(Piece(job: job, number: piece, urgency: urgency), class: urgency.rawValue)
    }
  }

  /// Ends the threads once all submitted requests are answered. Call it once.
  package func stop() {
    shared.mailbox.close()
    for thread in threads { thread.join() }
  }
}
