package import CoreMetrics
internal import Foundation
internal import Synchronization

/// The metrics of the process, and their text in the Prometheus exposition format, version 0.0.4.
///
/// A backend for swift-metrics: counters and gauges unchanged, timers and recorders as a count and a sum.
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

  // Series live as long as the process: a node has few of them, and their number is fixed.
  package func destroyCounter(_ handler: any CounterHandler) {}
  package func destroyMeter(_ handler: any MeterHandler) {}
  package func destroyRecorder(_ handler: any RecorderHandler) {}
  package func destroyTimer(_ handler: any TimerHandler) {}
}
