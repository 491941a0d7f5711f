internal import CoreMetrics
internal import Synchronization

/// One series: a number, or the count and sum of the recorded values.
final class MetricValue: CounterHandler, MeterHandler, RecorderHandler, TimerHandler, Sendable {
  private let isSummary: Bool
  private let state = Mutex((value: 0.0, count: 0))

  init(isSummary: Bool) { self.isSummary = isSummary }

  var samples: [(suffix: String, number: String)] {
    let (value, count) = state.withLock { $0 }
    return isSummary ? [("_sum", Self.text(value)), ("_count", "\(count)")] : [("", Self.text(value))]
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
  }

  private func add(_ amount: Double) {
    state.withLock { state in
      state.value += amount
      state.count += 1
    }
  }

  func increment(by amount: Int64) { add(Double(amount)) }
  func reset() { state.withLock { $0 = (0, 0) } }
  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { state.withLock { $0.value = value } }
  func increment(by amount: Double) { add(amount) }
  func decrement(by amount: Double) { add(-amount) }
  func record(_ value: Int64) { record(Double(value)) }
  func record(_ value: Double) { isSummary ? add(value) : set(value) }
  /// Timers record nanoseconds; Prometheus wants seconds.
  func recordNanoseconds(_ duration: Int64) { add(Double(duration) / 1e9) }
}
