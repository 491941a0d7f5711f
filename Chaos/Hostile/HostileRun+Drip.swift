import Foundation
import Primitives

// The play in which the hostile validator is a node as any other, with one difference: what it sends to one of the others
// drips.
extension HostileRun {
  /// The node that dials the hostile one, through the relay. It is stopped and started again.
  private static let victim = 1
  /// How long that node is stopped, and how long it is left alone then, in seconds.
  private static let absence = 3.0
  private static let presence = 2.0
  /// How long it took each time until the node was level with the others, and the promise that was broken, if any.
  private struct Returns: Sendable {
    var seconds: [Double] = []
    var broken: [String] = []
  }

  /// How long the validator may take to be one of those that vote.
  private static let preparation = Duration.seconds(longestPause) + Run.progressLimit

  /// Starts the validator's own node behind a relay, with nothing but its keys, since its log lacks what was signed in
  /// other plays.
  func drip(_ seconds: Double, _ report: HostileReport) async throws -> HostileReport.Play {
    let all = try cluster.behindRelay(Self.number)
    let node = all.node(Self.number)
    try node.wipe()
    let relay = try HostileProcess(relayFor: cluster.node(Self.number), of: cluster)
    do {
      try await node.start()
      _ = try await all.waitForProgress(within: Self.preparation, after: "the start of a validator behind a relay")
      try await all.waitUntilSettled(within: Run.progressLimit, after: "the start of a validator behind a relay")
      let before = await relay.figures
      let (seen, nodes) = try await observe(report) { () -> (window: Liveness.Window, returns: Returns) in
        try await relay.play(.drip)
        async let measured = window(seconds)
        let returns = try await goAndReturn(seconds)
        return (try await measured, returns)
      }
      try await Task.sleep(for: .milliseconds(500))
      var play = HostileReport.Play(
        play: .drip, window: seen.window, share: report.share(seen.window),
        sent: await relay.figures.since(before), nodes: nodes)
      play.returns = seen.returns.seconds
      play.broken = seen.returns.broken
      // Without links to the validator the play would show nothing.
      if play.sent.links < play.returns.count {
        play.broken.append(
          "only \(play.sent.links) of \(play.returns.count) returns led to a link with \(report.hostile)")
      }
      await end(node, relay)
      return play
    } catch {
      await end(node, relay)
      throw error
    }
  }

  private func end(_ node: ChaosNode, _ relay: HostileProcess) async {
    try? await node.kill()
    await node.endAsking()
    await relay.kill()
  }

  /// Stops and starts a node again and again. The others and the hostile validator are a quorum without it.
  private func goAndReturn(_ seconds: Double) async throws -> Returns {
    let node = honest.node(Self.victim)
    let end = ContinuousClock.now + .seconds(seconds)
    var returns = Returns()
    repeat {
      try await node.kill()
      try await Task.sleep(for: .seconds(Self.absence))
      try await node.start()
      do {
        returns.seconds.append(
          try await honest.waitForProgress(within: HostileReport.returnLimit, after: "the return of \(node.name)"))
        try await Task.sleep(for: .seconds(Self.presence))
        // Still level, now that its favourite is chosen.
        _ = try await honest.waitForProgress(within: HostileReport.returnLimit, after: "the return of \(node.name)")
      } catch ChaosError.broken(.progress, let what) {
        returns.broken = [what]
        return returns
      }
    } while ContinuousClock.now < end
    return returns
  }
}
