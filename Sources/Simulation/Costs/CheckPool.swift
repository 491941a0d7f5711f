internal import DequeModule
internal import Replica

/// The cores that check signatures. Like the node's `VerifyPool`, it splits requests into pieces and begins them by
/// urgency, then in the order of arrival.
struct CheckPool {
  /// A piece that a core has begun, and the time in nanoseconds at which it will be done.
  struct Piece: Equatable {
    var ticket: Ticket
    var done: UInt64
  }

  private struct Job {
    var urgency: VerificationRequest.Urgency
    var results: [Bool]
    /// Signatures that no core has begun yet, and pieces that are not done.
    var remaining: Int
    var open: Int
    var since: UInt64
  }

  private static let pieceSize = 32

  private let cost: UInt64
  private var jobs: [Ticket: Job] = [:]
  /// By urgency, with one entry for each piece. A request that became urgent later has entries in two queues.
  private var queues = VerificationRequest.Urgency.allCases.map { _ in Deque<Ticket>() }
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
  mutating func submit(_ ticket: Ticket, _ results: [Bool], _ urgency: VerificationRequest.Urgency, at time: UInt64) {
    let pieces = max(1, (results.count + Self.pieceSize - 1) / Self.pieceSize)
    jobs[ticket] = Job(urgency: urgency, results: results, remaining: results.count, open: pieces, since: time)
    for _ in 0..<pieces { queues[urgency.rawValue].append(ticket) }
  }

  /// Makes a request urgent because a block now waits for it.
  mutating func hurry(_ ticket: Ticket) {
    guard let job = jobs[ticket] else { return }
    for _ in 0..<job.open { queues[VerificationRequest.Urgency.block.rawValue].append(ticket) }
  }

  /// Gives the next piece to an idle core. Returns nil if there is no piece or no idle core.
  mutating func begin() -> Piece? {
    while !idle.isEmpty, let queue = queues.firstIndex(where: { !$0.isEmpty }), let ticket = queues[queue].popFirst() {
      guard var job = jobs[ticket], job.remaining > 0 else { continue }
      let count = min(job.remaining, Self.pieceSize)
      job.remaining -= count
      jobs[ticket] = job
      checked[job.urgency.rawValue] += count
      busy += UInt64(count) * cost
      return Piece(ticket: ticket, done: max(idle.removeLast(), job.since) + UInt64(count) * cost)
    }
    return nil
  }

  /// Ends a piece, which makes its core idle. Returns the results if it was the last piece of its request.
  mutating func finish(_ piece: Piece) -> [Bool]? {
    idle.append(piece.done)
    guard var job = jobs[piece.ticket] else { return nil }
    job.open -= 1
    jobs[piece.ticket] = job.open == 0 ? nil : job
    return job.open == 0 ? job.results : nil
  }
}
