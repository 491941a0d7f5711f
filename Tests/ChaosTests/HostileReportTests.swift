import Testing

@testable import chaos

@Suite("What is judged after a play of the hostile validator")
struct HostileReportTests {
  private static let report = HostileReport(
    hostile: "node2", dead: [Liveness.Window(seconds: 1, final: 100, latencies: [0.01])],
    leaderTimeoutMilliseconds: 1000)

  private static func play(
    _ play: HostilePlay, share: Double = 1, latency: Double = 0.01, growth: Int = 0, isNamed: Bool = true
  ) -> HostileReport.Play {
    HostileReport.Play(
      play: play, window: Liveness.Window(seconds: 1, final: 1, latencies: [latency]), share: share,
      sent: HostileFigures(frames: 1),
      nodes: [
        HostileReport.Node(
          name: "node1", growthBytes: growth, logBytes: 0, isInLog: isNamed, isInMetrics: isNamed, isInHealth: isNamed)
      ])
  }

  @Test("Half of the throughput and three leader time-outs are the limits")
  func time() {
    #expect(Self.report.lateness(Self.play(.churn, share: 0.5, latency: 2.9)).isEmpty)
    #expect(Self.report.lateness(Self.play(.churn, share: 0.49)).count == 1)
    #expect(Self.report.lateness(Self.play(.churn, latency: 3)).count == 1)
  }

  @Test("A play is compared with the last measurement without the validator")
  func reference() {
    var report = Self.report
    report.dead.append(Liveness.Window(seconds: 1, final: 50, latencies: [0.01]))
    #expect(Self.report.share(Liveness.Window(seconds: 1, final: 40, latencies: [])) == 0.4)
    #expect(report.share(Liveness.Window(seconds: 1, final: 40, latencies: [])) == 0.8)
  }

  @Test("A node that grows by 64 MiB is damage")
  func damage() {
    #expect(Self.report.damage(Self.play(.garbage, share: 0, latency: 9, growth: (64 << 20) - 1)).isEmpty)
    #expect(Self.report.damage(Self.play(.garbage, growth: 64 << 20)).count == 1)
  }

  @Test("After plays that prove themselves, somebody must name the validator")
  func anonymity() {
    let unnamed = Self.play(.garbage, isNamed: false)
    #expect(Self.report.anonymity([unnamed]).count == 1)
    #expect(Self.report.anonymity([unnamed, Self.play(.mixed)]).isEmpty)
    #expect(Self.report.anonymity([Self.play(.idle, isNamed: false)]).isEmpty)
    var silent = unnamed
    silent.sent = HostileFigures()
    #expect(Self.report.anonymity([silent]).isEmpty)
  }

  @Test("A list of plays is read strictly")
  func lists() throws {
    #expect(try HostilePlay.list("garbage,forged-votes,mixed") == [.garbage, .forgedVotes, .mixed])
    #expect(throws: ChaosError.self) { try HostilePlay.list("garbage,kill") }
  }
}
