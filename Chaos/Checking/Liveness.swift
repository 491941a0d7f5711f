/// Throughput and latency under a fixed closed-loop load, with all nodes and with one node dead.
struct Liveness: Codable, Sendable {
  struct Window: Codable, Sendable {
    var seconds: Double
    var transactionsPerSecond: Double
    /// The time from submission to the answer that the transaction is final.
    var p50Milliseconds: Double
    var p99Milliseconds: Double

    /// - Parameter latencies: in seconds, one for each answered transaction.
    init(seconds: Double, final: Int, latencies: [Double]) {
      self.seconds = seconds
      transactionsPerSecond = Double(final) / seconds
      let sorted = latencies.sorted()
      func quantile(_ part: Double) -> Double {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))] * 1000
      }
      p50Milliseconds = quantile(0.5)
      p99Milliseconds = quantile(0.99)
    }
  }

  var healthy: Window
  /// The first seconds after a validator died, while the others still wait for it in its views.
  var justDied: Window
  /// The time after those first seconds.
  var oneDead: Window
  var leaderTimeoutMilliseconds: Int

  /// Which part of the promise is not met, or nil if all is: more than half of the healthy throughput, and 99 of 100
  /// transactions within two leader time-outs.
  var shortfall: String? {
    let share = oneDead.transactionsPerSecond / max(healthy.transactionsPerSecond, 0.001)
    if share <= 0.5 {
      return "with one dead validator the throughput is \(Int(share * 100)) % of the healthy one; "
        + "the promise is more than 50 %"
    }
    let limit = Double(2 * leaderTimeoutMilliseconds)
    if oneDead.p99Milliseconds >= limit {
      return "with one dead validator p99 is \(Int(oneDead.p99Milliseconds)) ms; the promise is less than two leader "
        + "time-outs, \(Int(limit)) ms"
    }
    return nil
  }
}
