internal import NodeCore
internal import Primitives
internal import Replica

/// The cores that check signatures. Like the node's `VerifyPool`, it splits requests into pieces and begins them in the
/// order of a `CheckQueue`.
struct CheckPool {
  /// A piece that a core has begun, and the time in nanoseconds at which it will be done.
  struct Piece: Equatable {
    var ticket: Ticket
    var urgency: VerificationRequest.Urgency
    /// The places of its signatures in the request.
    var range: Range<Int>
    var done: UInt64
  }

  private struct Job {
    var request: VerificationRequest
    var results: [Bool]
    /// Signatures that a core has begun, and pieces that are not done.
    var begun = 0
    var open: Int
    var since: UInt64
  }

  private let cost: UInt64
  private var jobs: [Ticket: Job] = [:]
  /// The pieces of all requests, and again those of a request that became urgent later.
  private var queue = CheckQueue()
  /// When each idle core finished its last piece, in nanoseconds.
  private var idle: [UInt64]
  private(set) var busy: UInt64 = 0
  /// The number of signatures checked, by urgency.
  private(set) var checked = VerificationRequest.Urgency.allCases.map { _ in 0 }

  init(_ costs: SimulatedCosts) {
    cost = costs.check
    idle = Array(repeating: 0, count: costs.cores)
  }

  /// Receives a request whose results are known. `finish` returns them when the time for the checks is over.
  mutating func submit(_ request: VerificationRequest, _ results: [Bool], at time: UInt64) {
    jobs[request.ticket] = Job(
      request: request, results: results, open: CheckQueue.pieces(of: results.count), since: time)
    queue.put(request.ticket, signatures: results.count, request.urgency, from: request.peer)
  }

  /// Makes a request urgent because a block now waits for it.
  mutating func hurry(_ ticket: Ticket) {
    guard let job = jobs[ticket] else { return }
    queue.put(ticket, signatures: job.results.count - job.begun, .block, from: job.request.peer)
  }

  /// Forgets what a peer is the source of, up to this ticket.
  mutating func drop(of peer: PeerID, through ticket: Ticket) {
    queue.drop(of: peer, through: ticket)
    jobs = jobs.filter { $0.value.request.peer != peer || $0.key.number > ticket.number }
  }

  /// Gives the next piece to an idle core. Returns nil if there is no piece or no idle core.
  mutating func begin() -> Piece? {
    while !idle.isEmpty, let next = queue.take() {
      guard var job = jobs[next.piece.ticket], job.begun < job.results.count else {
        queue.finish(next.urgency)
        continue
      }
      let range = job.begun..<min(job.results.count, job.begun + CheckQueue.pieceSize)
      job.begun = range.upperBound
      jobs[next.piece.ticket] = job
      queue.begin(range.count, next.urgency)
      checked[job.request.urgency.rawValue] += range.count
      let time = UInt64(range.count) * cost
      busy += time
      return Piece(
        ticket: next.piece.ticket, urgency: next.urgency, range: range, done: max(idle.removeLast(), job.since) + time)
    }
    return nil
  }

  /// Ends a piece, which makes its core idle. Returns the results if it was the last piece of its request, or decides
  /// it.
  mutating func finish(_ piece: Piece) -> [Bool]? {
    idle.append(piece.done)
    queue.finish(piece.urgency)
    guard var job = jobs[piece.ticket] else { return nil }
    job.open -= 1
    let isOver = job.open == 0 || job.request.endsAtFirstInvalid && !job.results[piece.range].allSatisfy { $0 }
    jobs[piece.ticket] = isOver ? nil : job
    return isOver ? job.results : nil
  }
}
