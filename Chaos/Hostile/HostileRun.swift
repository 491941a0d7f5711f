import Foundation
import Ledger
import LedgerJSON
import Primitives
import Synchronization

/// Measures what a hostile validator changes for the others, play by play, while the load runs.
struct HostileRun: Sendable {
  let cluster: ChaosCluster
  /// The honest nodes.
  let honest: ChaosCluster
  let load: Load
  let story: Story
  let seed: UInt64

  /// The hostile validator. It dials those after it and is dialled by the first one, so that both are tried.
  static let number = 2
  /// Seconds after which the others no longer wait for a silent validator in its views.
  private static let noticing = 12.0
  private static let readingLimit = 30.0
  /// Seconds for which the others have no link with a validator that misbehaved, at most, and the time for new links.
  static let longestPause = 70.0

  /// How many plays are compared with one measurement without the hostile validator: a machine that others share changes
  /// from minute to minute.
  private static let playsPerReference = 4

  /// - Parameter isBrief: judge only what does not depend on the speed of the machine.
  func go(_ plays: [HostilePlay], seconds: Double, isBrief: Bool) async throws -> HostileReport {
    let node = cluster.node(HostileRun.number)
    try await node.kill()
    var report = HostileReport(
      hostile: node.name, leaderTimeoutMilliseconds: Int(cluster.files.genesis.leaderTimeoutMilliseconds))
    var hostile: HostileProcess?
    do {
      for (place, play) in plays.enumerated() {
        if place == 0 || (!isBrief && place.isMultiple(of: HostileRun.playsPerReference)) {
          await hostile?.kill()
          hostile = nil
          report.dead.append(try await withoutIt(seconds, isBrief: isBrief))
        }
        var done: HostileReport.Play
        if play == .drip {
          await hostile?.kill()
          hostile = nil
          done = try await drip(seconds, report)
        } else {
          let process = try hostile ?? HostileProcess(node, of: cluster, seed: seed)
          hostile = process
          try await untilLinked(process, seconds: isBrief ? 5 : HostileRun.longestPause)
          done = try await measure(play, process, seconds, report)
        }
        done.broken += report.damage(done) + (isBrief ? [] : report.lateness(done) + report.anonymity([done]))
        story.tell("\(play.rawValue): " + HostileReport.text(done))
        for broken in done.broken { story.tell("  BROKEN: \(broken)") }
        report.plays.append(done)
        try await alive()
      }
      // On a slow machine a short play may be over before anything of it is read.
      if isBrief { report.plays[report.plays.count - 1].broken += report.anonymity(report.plays) }
    } catch {
      await hostile?.kill()
      throw error
    }
    await hostile?.kill()
    return report
  }

  /// Measures the others while the hostile validator is dead.
  private func withoutIt(_ seconds: Double, isBrief: Bool) async throws -> Liveness.Window {
    try await Task.sleep(for: .seconds(isBrief ? 1 : HostileRun.noticing))
    let window = try await window(isBrief ? 3 : seconds)
    story.tell("\(cluster.node(HostileRun.number).name) dead: " + LivenessMeasurement.text(window))
    return window
  }

  private func measure(
    _ play: HostilePlay, _ hostile: HostileProcess, _ seconds: Double, _ report: HostileReport
  ) async throws -> HostileReport.Play {
    let before = await hostile.figures
    let (seen, nodes) = try await observe(report) {
      try await hostile.play(play)
      let window = try await window(seconds)
      try await hostile.play(nil)
      try await untilRead()
      return window
    }
    // The figures are written five times a second.
    try await Task.sleep(for: .milliseconds(500))
    return HostileReport.Play(
      play: play, window: seen, share: report.share(seen), sent: await hostile.figures.since(before), nodes: nodes)
  }

  /// What the honest nodes show after `body`, compared with before.
  func observe<Value: Sendable>(
    _ report: HostileReport, _ body: () async throws -> Value
  ) async throws -> (Value, [HostileReport.Node]) {
    let marks = await marks()
    let most = Mutex(marks.map(\.resident))
    let watching = Task {
      while !Task.isCancelled {
        for (index, node) in honest.nodes.enumerated() {
          let now = await resident(node)
          most.withLock { $0[index] = max($0[index], now) }
        }
        try? await Task.sleep(for: .milliseconds(200))
      }
    }
    defer { watching.cancel() }
    let value = try await body()
    return (value, await shown(marks, most.withLock(\.self), report.hostile))
  }

  /// Waits until the pause after an earlier play is over. Without links, a play would show nothing; that there are none is
  /// what a hostile validator achieves in the long run.
  private func untilLinked(_ hostile: HostileProcess, seconds: Double) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline, await hostile.figures.openLinks < honest.nodes.count {
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  /// Waits until the honest nodes have read what the play left in the links, so that each play is judged for itself.
  private func untilRead() async throws {
    let series = "roadbed_peer_bytes_received{peer=\"\(cluster.node(HostileRun.number).name)\"} "
    let deadline = ContinuousClock.now + .seconds(HostileRun.readingLimit)
    var before: [Double] = []
    while ContinuousClock.now < deadline {
      let now = honest.nodes.map { figure(series, of: $0) }
      if now == before { return }
      before = now
      try await Task.sleep(for: .milliseconds(700))
    }
  }

  // MARK: What the nodes show

  private struct Mark {
    var resident: Int
    var logBytes: UInt64
    var counted: Double
    var times: UInt64
  }

  private func marks() async -> [Mark] {
    var marks: [Mark] = []
    for node in honest.nodes {
      let name = cluster.node(HostileRun.number).name
      marks.append(
        Mark(
          resident: await resident(node), logBytes: logBytes(node), counted: counted(name, by: node),
          times: await times(name, by: node)))
    }
    return marks
  }

  private func shown(_ before: [Mark], _ most: [Int], _ name: String) async -> [HostileReport.Node] {
    var nodes: [HostileReport.Node] = []
    for (index, node) in honest.nodes.enumerated() {
      let mark = before[index]
      nodes.append(
        HostileReport.Node(
          name: node.name, growthBytes: max(0, most[index] - mark.resident),
          logBytes: Int(logBytes(node) - mark.logBytes), isInLog: logNames(name, node, from: mark.logBytes),
          isInMetrics: counted(name, by: node) > mark.counted, isInHealth: await times(name, by: node) > mark.times))
    }
    return nodes
  }

  private func resident(_ node: ChaosNode) async -> Int {
    guard let pid = await node.pid, let text = try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8)
    else { return 0 }
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
  }

  private func logBytes(_ node: ChaosNode) -> UInt64 {
    var info = stat()
    return stat(node.logFile, &info) == 0 ? UInt64(info.st_size) : 0
  }

  /// Whether a line of the log since a place says that the validator misbehaved.
  private func logNames(_ name: String, _ node: ChaosNode, from place: UInt64) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: node.logFile), (try? handle.seek(toOffset: place)) != nil,
      let data = try? handle.read(upToCount: 1 << 22)
    else { return false }
    let text = String(decoding: data, as: UTF8.self)
    return ["\(name) misbehaved", "\(name) contradicted itself"].contains { text.contains($0) }
  }

  private func counted(_ name: String, by node: ChaosNode) -> Double {
    figure("roadbed_peer_misbehaviour_total{peer=\"\(name)\"} ", of: node)
  }

  /// The value of a series of a node's metrics; 0 if there is none yet.
  private func figure(_ series: String, of node: ChaosNode) -> Double {
    let text = PlainHTTP.get("/metrics", host: node.place.apiHost, port: node.place.apiPort) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(series) }
    return line.flatMap { Double($0.dropFirst(series.count)) } ?? 0
  }

  private func times(_ name: String, by node: ChaosNode) async -> UInt64 {
    await node.health()?.misbehaving?.first { $0.peer == name }?.times ?? 0
  }

  /// Checks that no honest node's process has ended.
  private func alive() async throws {
    for node in honest.nodes where await node.pid == nil {
      throw ChaosError.broken(.returning, "the process of \(node.name) has ended")
    }
  }

  func window(_ seconds: Double) async throws -> Liveness.Window {
    try await LivenessMeasurement(cluster: cluster, load: load, story: story).window(seconds)
  }
}
