internal import Cryptography
internal import Primitives
internal import Replica
internal import Synchronization

/// Worker threads that check signatures in batches, each with a verifier of its own.
final class VerifyPool: Sendable {
  /// A request cut into pieces that several workers take; the last one to finish answers.
  private final class Job: Sendable {
    let ticket: Ticket
    let items: [VerificationItem]
    private let state: Mutex<(results: [Bool], open: Int)>

    init(_ request: VerificationRequest, pieces: Int) {
      ticket = request.ticket
      items = request.items
      state = Mutex(([Bool](repeating: false, count: request.items.count), pieces))
    }

    /// Stores a piece's results; returns all of them when the last piece is done.
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
    var range: Range<Int>
  }

  private let mailbox = Mailbox<Piece>(limit: .max)
  private let threads: [WorkerThread]
  /// Signatures of one piece: small enough to spread a batch, large enough to pay for the hand-over.
  private static let pieceSize = 32

  init(suite: Suite, threads count: Int, answer: @escaping @Sendable (Ticket, [Bool]) -> Void) {
    let mailbox = mailbox
    threads = (0..<count).map { index in
      WorkerThread("verify-\(index)") {
        var verifier = SignatureVerifier(suite)
        while let piece = mailbox.takeOne() {
          let results = verifier.verify(batch: Array(piece.job.items[piece.range]))
          if let all = piece.job.finish(piece.range, results) { answer(piece.job.ticket, all) }
        }
      }
    }
  }

  func submit(_ request: VerificationRequest) {
    let count = request.items.count
    let pieces = max(1, (count + Self.pieceSize - 1) / Self.pieceSize)
    let job = Job(request, pieces: pieces)
    for piece in 0..<pieces {
      let start = piece * Self.pieceSize
      // Votes, certificates and blocks go before the transactions of clients, or a flood of those would stop views.
      mailbox.force(Piece(job: job, range: start..<min(count, start + Self.pieceSize)), ahead: request.isUrgent)
    }
  }

  func stop() {
    mailbox.close()
    for thread in threads { thread.join() }
  }
}
