internal import Ledger
internal import Primitives

/// Watches that a well cluster is live in bounded time, whatever its traitors do: each accepted transaction is final at
/// its node within the bound of Documentation/protocol.md, and each honest leader's views give final blocks.
struct LivenessOracle {
  private struct Waiting {
    var node: Int
    var accepted: Tick
  }

  /// Microseconds from a node's acceptance of a transaction until it is final there.
  let bound: UInt64
  /// The views before this one do not count, nor do those of later epochs.
  let first: Round
  private(set) var longest: UInt64 = 0
  private var waiting: [Digest: Waiting] = [:]

  init(bound: UInt64, first: Round) {
    self.bound = bound
    self.first = first
  }

  /// The bound that the protocol page argues for: f views of traitors in a row, each of which lasts until its wait is
  /// over, then one of an honest leader, and the retry intervals in which nodes are brought into the same view and ask
  /// faulty signers for a block.
  static func bound(delta: UInt64, cap: UInt64, retry: UInt64, faults: Int) -> UInt64 {
    // Computed here, not by the code under test.
    var wait = delta
    var bound = UInt64(2 + faults / 2) * retry
    for _ in 0...faults {
      wait = min(cap, wait + wait / 2)
      bound += 3 * wait
    }
    return bound
  }

  mutating func accepted(_ id: Digest, at node: Int, _ now: Tick) {
    waiting[id] = Waiting(node: node, accepted: now)
  }

  /// A block is final at a node. Returns the promise that it breaks.
  mutating func committed(_ block: Block, at node: Int, _ now: Tick) -> String? {
    for index in 0..<block.count {
      let id = block.transaction(at: index).id
      guard let entry = waiting[id], entry.node == node else { continue }
      waiting[id] = nil
      let time = now.microseconds(since: entry.accepted)
      longest = max(longest, time)
      if time > bound { return late(id, entry, after: time) }
    }
    return nil
  }

  /// The first transaction that should be final by now. Returns the broken promise.
  func overdue(_ now: Tick) -> String? {
    let entry = waiting.min { $0.value.accepted < $1.value.accepted }
    guard let entry, now.microseconds(since: entry.value.accepted) > bound else { return nil }
    return late(entry.key, entry.value, after: now.microseconds(since: entry.value.accepted))
  }

  private func late(_ id: Digest, _ entry: Waiting, after time: UInt64) -> String {
    "11: transaction \(id.short) was not final at node \(entry.node) after \(time) µs; the bound is \(bound) µs"
  }

  /// Checks that at least half of the views of every honest leader gave a final block. Returns the broken promise.
  /// - Parameter final: the rounds with a final block.
  /// - Parameter last: a view of the same epoch.
  func starved(_ honest: [ValidatorIndex], of validators: ValidatorSet, final: Set<Round>, last: View) -> String? {
    guard first.view < last else { return "11: no block became final after \(first)" }
    let all = (first.view.rawValue..<last.rawValue).map { View($0) }
    for leader in honest {
      let views = all.filter { validators.leader(of: $0) == leader }
      let count = views.count { final.contains(Round(epoch: first.epoch, view: $0)) }
      if 2 * count < views.count {
        return "11: only \(count) of \(views.count) views that honest validator \(leader) led gave a final block"
      }
    }
    return nil
  }
}
