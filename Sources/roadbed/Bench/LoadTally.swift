import Histogram
import Synchronization

/// Counts answers and their latencies during the measured part of a run.
final class LoadTally: Sendable {
  struct Result: Sendable {
    var offered = 0
    /// Transactions that are final and applied.
    var committed = 0
    /// The number of transactions that were refused, final but not applied, or unanswered, by the code of the reason.
    var failures: [String: Int] = [:]
    /// Failed transactions that a full or busy node put off.
    var putOff = 0
    var seconds = 0.0
    /// Latencies of committed transactions, in microseconds.
    var latencies: Histogram<UInt32>
  }

  private let start: ContinuousClock.Instant
  private let end: ContinuousClock.Instant
  private let state: Mutex<Result>

  init(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) {
    self.start = start
    self.end = end
    state = Mutex(
      Result(latencies: Histogram(highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: .three)))
  }

  /// Whether the run still sends transactions.
  var isOpen: Bool { ContinuousClock.now < end }

  /// Whether the measured part of the run is under way.
  var isMeasuring: Bool { (start..<end).contains(.now) }

  func noteOffered(_ count: Int, at time: ContinuousClock.Instant) {
    guard time >= start, time < end else { return }
    state.withLock { $0.offered += count }
  }

  /// Counts transactions answered at this moment. `begun` holds when each was sent, or was due.
  func note(committed begun: [ContinuousClock.Instant], failures: [String: Int], putOff: Int) {
    let now = ContinuousClock.now
    guard now >= start, now < end else { return }
    state.withLock { result in
      result.committed += begun.count
      result.failures.merge(failures, uniquingKeysWith: +)
      result.putOff += putOff
      for time in begun { result.latencies.record(UInt64(max(0, (now - time) / .microseconds(1)))) }
    }
  }

  /// The counts for the measured time. Call this when the run is over.
  func result() -> Result {
    var result = state.withLock { $0 }
    result.seconds = (min(end, .now) - start) / .seconds(1)
    return result
  }
}
