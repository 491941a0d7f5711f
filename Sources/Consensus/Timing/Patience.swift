import Primitives

/// How long to wait for each leader, judged by what its views cost this node so far (R15). All times are in
/// microseconds.
struct Patience: Sendable {
  private struct Record: Sendable {
    /// How long the leader's last certified view took here; nil before the first.
    var took: UInt64?
    /// The end of the leader's probation.
    var until = Tick(0)
    /// Views in a row that were lost to short waits.
    var misses: UInt64 = 0
  }

  /// A leader that wastes time waits for this many times as long, times f, before it may waste time again. So f leaders
  /// waste at most one part in so many.
  static let factor: UInt64 = 16
  /// A leader is slow if its view takes longer than this many times what is usual.
  static let margin: UInt64 = 4

  private let faults: Int
  private var records: [Record]

  init(_ validators: ValidatorSet) {
    faults = validators.quorum.faults
    records = Array(repeating: Record(), count: validators.count)
  }

  /// The short wait for a leader on probation; nil if it gets the full waits. It halves with each view that was lost to
  /// it, three times; then it is as long as at first, so that a leader that is well again has its turn.
  func shortWait(for leader: ValidatorIndex, delta: UInt64, now: Tick) -> UInt64? {
    let record = records[Int(leader.rawValue)]
    guard now < record.until, let usual = usual(without: leader) else { return nil }
    return min(Self.short(usual, delta) >> (record.misses % 4), 2 * delta)
  }

  /// A view was certified `time` after its timers started. Up to half of Δ a leader may be as slow as it likes: it may be
  /// far away.
  mutating func certified(_ leader: ValidatorIndex, after time: UInt64, delta: UInt64, now: Tick) {
    let index = Int(leader.rawValue)
    records[index].took = time
    records[index].misses = 0
    guard time > delta / 2, let usual = usual(without: leader) else { return }
    waste(index, time, beyond: max(delta / 2, Self.times(Self.margin, usual)), delta, now)
  }

  /// A view was given up `time` after its timers started.
  mutating func gaveUp(_ leader: ValidatorIndex, after time: UInt64, delta: UInt64, now: Tick) {
    guard let usual = usual(without: leader) else { return }
    let index = Int(leader.rawValue)
    if now < records[index].until { records[index].misses &+= 1 }
    waste(index, time, beyond: Self.short(usual, delta), delta, now)
  }

  private mutating func waste(_ index: Int, _ time: UInt64, beyond allowed: UInt64, _ delta: UInt64, _ now: Tick) {
    guard time > allowed else { return }
    let scale = Self.times(Self.factor, UInt64(max(1, faults)))
    if records[index].until <= now { records[index].misses = 0 }
    let until = max(records[index].until, now).advanced(byMicroseconds: Self.times(scale, time - allowed))
    records[index].until = min(until, now.advanced(byMicroseconds: Self.times(scale, Self.times(2, delta))))
  }

  private static func short(_ usual: UInt64, _ delta: UInt64) -> UInt64 { max(delta / 32, times(margin, usual)) }

  /// What the views of the others take: the (f + 1)-th longest of their last certified ones, so that f validators
  /// cannot stretch it; nil while fewer are known.
  private func usual(without leader: ValidatorIndex) -> UInt64? {
    var times: [UInt64] = []
    for (index, record) in records.enumerated() where index != Int(leader.rawValue) {
      if let took = record.took { times.append(took) }
    }
    guard times.count > faults else { return nil }
    times.sort(by: >)
    return times[faults]
  }

  private static func times(_ count: UInt64, _ time: UInt64) -> UInt64 {
    let (product, overflow) = count.multipliedReportingOverflow(by: time)
    return overflow ? .max : product
  }
}
