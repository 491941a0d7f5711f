import Primitives

/// When each validator was last heard, since when there has been no link to it, and when it was last helped.
struct PeerActivity: Sendable {
  private var heard: [Tick]
  /// Since when there has been no link; nil while there is one.
  private var unlinked: [Tick?]
  private var helped: [Tick?]

  /// At the start every validator counts as just heard: only observed silence is silence.
  init(validators: Int, now: Tick) {
    heard = Array(repeating: now, count: validators)
    unlinked = Array(repeating: now, count: validators)
    helped = Array(repeating: nil, count: validators)
  }

  /// The link to a validator was made or lost.
  mutating func linked(_ validator: ValidatorIndex, _ isLinked: Bool, now: Tick) {
    guard Int(validator.rawValue) < unlinked.count else { return }
    unlinked[Int(validator.rawValue)] = isLinked ? nil : now
  }

  /// Since when there has been no link to `leader`, provided that this validator and those it has links to form a
  /// quorum (R15); otherwise nil.
  func absence(of leader: ValidatorIndex, own: ValidatorIndex?, quorum: Int) -> Tick? {
    guard leader != own, let since = unlinked[Int(leader.rawValue)] else { return nil }
    let present = unlinked.indices.count { own?.rawValue == UInt16($0) || unlinked[$0] == nil }
    return present >= quorum ? since : nil
  }

  /// Notes that something came from `validator`. Returns whether it was silent before, for longer than `silence`, in
  /// microseconds.
  mutating func heard(_ validator: ValidatorIndex, silence: UInt64, now: Tick) -> Bool {
    guard Int(validator.rawValue) < heard.count else { return false }
    let wasSilent = now.microseconds(since: heard[Int(validator.rawValue)]) > silence
    heard[Int(validator.rawValue)] = now
    return wasSilent
  }

  /// Whether nothing came from `leader` for longer than `silence`, in microseconds, although a quorum, including this
  /// validator, was heard in that time (R15).
  func isSilent(_ leader: ValidatorIndex, own: ValidatorIndex?, quorum: Int, silence: UInt64, now: Tick) -> Bool {
    guard leader != own, now.microseconds(since: heard[Int(leader.rawValue)]) > silence else { return false }
    var awake = 0
    for (index, tick) in heard.enumerated()
    where own?.rawValue == UInt16(index) || now.microseconds(since: tick) <= silence { awake += 1 }
    return awake >= quorum
  }

  /// Whether `validator` may be sent a certificate now: once per retry interval, in microseconds.
  mutating func mayHelp(_ validator: ValidatorIndex, every interval: UInt64, now: Tick) -> Bool {
    let index = Int(validator.rawValue)
    if let last = helped[index], now.microseconds(since: last) < interval { return false }
    helped[index] = now
    return true
  }
}
