internal import Primitives
internal import Replica

/// Compares the clocks of the leaders, as the times of their blocks show them, with this node's.
///
/// A block's time is its leader's clock, or one millisecond after its parent's time if that is later (`Proposals`). A
/// block that arrives with a time ahead of this node's clock therefore shows at least how far apart two clocks are. What makes
/// a clock look behind may as well be a slow network, so nothing is concluded from that.
struct ClockWatch: Sendable {
  /// A time that was ahead of this node's clock.
  private struct Reading: Sendable {
    var first: Tick
    var last: Tick
    /// The block's time, and this node's.
    var block: Timestamp
    var own: Timestamp
  }

  /// Times that are less far ahead mean nothing, in milliseconds: that is how well clocks agree without care.
  static let tolerance: UInt64 = 1000
  /// How long a leader is named after its last block of this kind, in microseconds.
  static let memory: UInt64 = 60_000_000

  private var running: RunningEpoch
  private var ahead: [ValidatorIndex: Reading] = [:]

  init(_ running: RunningEpoch) { self.running = running }

  mutating func begin(_ running: RunningEpoch) {
    self.running = running
    ahead = [:]
  }

  /// Notes the time of a leader's block when it was first seen.
  /// - Parameter parent: the time of the block before it; nil if the block's time is known to be its leader's clock.
  mutating func note(_ time: Timestamp, after parent: Timestamp?, of leader: ValidatorIndex, _ now: Now) {
    guard leader != running.own else { return }
    // What follows a time ahead of all clocks takes it over, whoever proposes it.
    if let parent, time <= parent.advanced(byMilliseconds: 1) { return }
    guard time > now.wall.advanced(byMilliseconds: Self.tolerance) else {
      ahead[leader] = nil
      return
    }
    ahead[leader] = Reading(first: ahead[leader]?.first ?? now.tick, last: now.tick, block: time, own: now.wall)
  }

  /// Either this node's clock is behind, if those of most others are ahead of it and not all of these can be faulty, or each of
  /// theirs is ahead.
  func symptoms(_ now: Tick) -> [Symptom] {
    let fresh = ahead.filter { now.microseconds(since: $0.value.last) <= Self.memory }
      .filter { Int($0.key.rawValue) < running.validators.count }
      .sorted { $0.key.rawValue < $1.key.rawValue }
    guard let first = fresh.map(\.value.first).min() else { return [] }
    let others = running.validators.count - (running.own == nil ? 0 : 1)
    if fresh.count > max(1, Quorum(validators: running.validators.count).faults), 2 * fresh.count > others {
      let least = fresh.map { $0.value.block.rawValue - $0.value.own.rawValue }.min() ?? 0
      let latest = fresh.max { $0.value.last < $1.value.last }
      let times = latest.map {
        "a block of \(running.validators[Int($0.key.rawValue)]) came with the time \($0.value.block.iso8601) when this "
          + "node's clock said \($0.value.own.iso8601)"
      }
      return [
        Symptom(
          .clockBehind, since: first, Finding.Subject(.clock),
          "this node's clock is at least \(least) ms behind those of \(fresh.count) other validators: \(times ?? "")",
          nextStep:
            "set this node's clock, and let it be kept by NTP; beyond \(Limits.clockDriftMilliseconds) ms it refuses "
            + "their blocks")
      ]
    }
    return fresh.map { leader, reading in
      let name = running.validators[Int(leader.rawValue)]
      return Symptom(
        .peerClockAhead, since: reading.first, Finding.Subject(.clock, name),
        "the clock of \(name) is at least \(reading.block.rawValue - reading.own.rawValue) ms ahead of this node's: its block "
          + "came with the time \(reading.block.iso8601) when this node's clock said \(reading.own.iso8601)",
        nextStep: "compare both clocks with NTP; the operator whose clock is off sets it")
    }
  }
}
