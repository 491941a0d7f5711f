/// Throughput and latency under a fixed closed-loop load, with all nodes and with one dead.
struct Liveness: Codable, Sendable {
  struct Window: Codable, Sendable {
    var seconds: Double
    var transactionsPerSecond: Double
    /// From submitting to the answer that it is final.
    var p50Milliseconds: Double
    var p99Milliseconds: Double

    /// - Parameter latencies: in seconds, one for each transaction that was answered.
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
  /// The first seconds after a validator died, while the others still wait for it in its turns.
  var justDied: Window
  /// After that.
  var oneDead: Window
  var leaderTimeoutMilliseconds: Int

  /// What is missing of the promise: above half of the healthy throughput, 99 of 100 within two leader time-outs.
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
