import Ledger
import Primitives

/// Measures liveness while the load runs.
struct LivenessMeasurement: Sendable {
  let cluster: ChaosCluster
  let load: Load
  let story: Story

  /// Seconds after which the others no longer wait for a silent validator in its views.
  private static let noticing = 12.0

  func measure(seconds: Double, dead number: Int) async throws -> Liveness {
    let healthy = try await window(seconds)
    story.tell("all nodes: " + LivenessMeasurement.text(healthy))
    let others = cluster.nodes.map(\.number).filter { $0 != number }
    load.ask(only: others)
    try await cluster.node(number).kill()
    let justDied = try await window(LivenessMeasurement.noticing)
    story.tell("node\(number) dead, the first seconds: " + LivenessMeasurement.text(justDied))
    let oneDead = try await window(seconds)
    story.tell("node\(number) dead, after that: " + LivenessMeasurement.text(oneDead))
    try await cluster.node(number).start()
    load.askAll()
    return Liveness(
      healthy: healthy, justDied: justDied, oneDead: oneDead,
      leaderTimeoutMilliseconds: Int(cluster.files.genesis.leaderTimeoutMilliseconds))
  }

  /// What the clients see from now on, for some seconds.
  func window(_ seconds: Double) async throws -> Liveness.Window {
    let before = (latencies: load.history.latencyCount, final: load.history.acknowledged)
    let start = ContinuousClock.now
    try await Task.sleep(for: .seconds(seconds))
    return Liveness.Window(
      seconds: (ContinuousClock.now - start).seconds, final: load.history.acknowledged - before.final,
      latencies: load.history.latencies(from: before.latencies))
  }

  static func text(_ window: Liveness.Window) -> String {
    "\(Int(window.transactionsPerSecond)) transactions/s, p50 \(Int(window.p50Milliseconds)) ms, "
      + "p99 \(Int(window.p99Milliseconds)) ms"
  }
}
