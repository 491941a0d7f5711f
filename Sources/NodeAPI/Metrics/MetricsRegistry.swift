package import CoreMetrics
internal import Foundation
internal import Synchronization

/// The process's metrics, and their text in the Prometheus exposition format, version 0.0.4.
///
/// A sink for swift-metrics: counters and gauges unchanged, timers and recorders as a count and a sum.
package final class MetricsRegistry: MetricsFactory, Sendable {
  private struct Series: Hashable, Sendable {
    var label: String
    var dimensions: [String]
  }

  private let values = Mutex<[Series: MetricValue]>([:])

  package init() {}

  /// Every series, one per line, ordered by name.
  package var text: String {
    let all = values.withLock { Array($0) }
    var lines: [String] = []
    for (series, value) in all {
      let labels = series.dimensions.isEmpty ? "" : "{\(series.dimensions.joined(separator: ","))}"
      for (suffix, number) in value.samples { lines.append("\(series.label)\(suffix)\(labels) \(number)") }
    }
    return lines.sorted().joined(separator: "\n") + "\n"
  }

  private func value(_ label: String, _ dimensions: [(String, String)], isSummary: Bool) -> MetricValue {
    let quoted = dimensions.map { name, value in
      let escaped = value.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
        .replacingOccurrences(of: "\n", with: "\\n")
      return "\(name)=\"\(escaped)\""
    }
    let series = Series(label: label, dimensions: quoted)
    return values.withLock { values in
      if let known = values[series] { return known }
      let fresh = MetricValue(isSummary: isSummary)
      values[series] = fresh
      return fresh
    }
  }

  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    value(label, dimensions, isSummary: false)
  }

  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    value(label, dimensions, isSummary: false)
  }

  package func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    value(label, dimensions, isSummary: aggregate)
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    value(label, dimensions, isSummary: true)
  }

  // Series live as long as the process; a node has few, and their number is fixed.
  package func destroyCounter(_ handler: any CounterHandler) {}
  package func destroyMeter(_ handler: any MeterHandler) {}
  package func destroyRecorder(_ handler: any RecorderHandler) {}
  package func destroyTimer(_ handler: any TimerHandler) {}
}

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
