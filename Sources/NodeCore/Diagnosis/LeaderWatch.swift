internal import Primitives
internal import Replica

/// Names the leaders whose turns end without a block, although they are linked.
struct LeaderWatch: Sendable {
  /// The turns of a leader that ended without a block, without one in between that did not.
  private struct Run: Sendable {
    var count = 0
    var first: Tick
    var last: Tick
    var view: View
    var reason: String
  }

  /// The number of turns in a row that make a finding. One may be lost to a slow link.
  static let turns = 2
  /// How long a leader is named after its last failed turn, in microseconds: on a quiet chain nobody has a turn.
  static let memory: UInt64 = 60_000_000

  private var running: RunningEpoch
  private var runs: [ValidatorIndex: Run] = [:]

  init(_ running: RunningEpoch) { self.running = running }

  mutating func begin(_ running: RunningEpoch) {
    self.running = running
    runs = [:]
  }

  /// Notes that this node gave up a view of the running epoch.
  mutating func gaveUp(_ view: View, leader: ValidatorIndex, reason: String, _ now: Tick) {
    var run = runs[leader] ?? Run(first: now, last: now, view: view, reason: reason)
    if now.microseconds(since: run.last) > Self.memory { run = Run(first: now, last: now, view: view, reason: reason) }
    run.count += 1
    run.last = now
    run.view = view
    run.reason = reason
    runs[leader] = run
  }

  /// Notes that the block of a leader became final.
  mutating func led(_ leader: ValidatorIndex) { runs[leader] = nil }

  /// Notes that there is a new link with a node, whose turns before that failed for want of one.
  mutating func linked(_ name: String) {
    guard let place = running.validators.firstIndex(of: name) else { return }
    runs[ValidatorIndex(UInt16(place))] = nil
  }

  /// - Parameter unlinked: the validators without a link, whose turns fail for that reason.
  func symptoms(except unlinked: Set<String>, _ now: Tick) -> [Symptom] {
    runs.filter { $0.value.count >= Self.turns && now.microseconds(since: $0.value.last) <= Self.memory }
      .sorted { $0.key.rawValue < $1.key.rawValue }
      .compactMap { leader, run in
        guard Int(leader.rawValue) < running.validators.count else { return nil }
        let name = running.validators[Int(leader.rawValue)]
        let ago = now.microseconds(since: run.last) / 1_000_000
        let what = "the last \(run.count) turns of \(name) as leader ended without a block, that in view \(run.view) "
        if leader == running.own {
          return Symptom(
            .ownTurnsFail, since: run.first, Finding.Subject(.node, name),
            "\(what)\(ago) s ago: \(run.reason)",
            nextStep: "check this node's clock, its links and its log: the others may refuse its blocks")
        }
        guard !unlinked.contains(name) else { return nil }
        return Symptom(
          .leaderFails, since: run.first, Finding.Subject(.validator, name), "\(what)\(ago) s ago: \(run.reason)",
          nextStep: "check the health of \(name): `roadbed why --node` with the address of its API")
      }
  }
}
