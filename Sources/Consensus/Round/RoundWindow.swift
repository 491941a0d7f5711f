import Primitives

/// The views that exist in memory, ascending.
///
/// Only the current view, the next one and views with a certificate come into being, so numbers a peer makes
/// up take no memory (R4, R23, C13). Views far below the last finalization are dropped, and if nothing is finalized for
/// very long, those above it too: first what lies below the highest usable block, then the run of given-up
/// views right above it, of which only its ends are kept.
struct RoundWindow: Sendable {
  private(set) var rounds: [Round] = []
  /// Views above `base` up to `through` are given up; their rounds are gone.
  private(set) var bridge: (base: View, through: View) = (.genesis, .genesis)
  /// No round up to here will come into being again.
  private(set) var closed: View = .genesis
  /// The highest view above the last finalization whose round was dropped: what was said there is forgotten.
  private(set) var forgotten: View = .genesis

  /// The first position whose view is not below `view`. O(log n), and at once where no view is left out.
  func position(of view: View) -> Int {
    guard let first = rounds.first?.view, view > first else { return 0 }
    let distance = view.rawValue - first.rawValue
    if distance < rounds.count, rounds[Int(distance)].view == view { return Int(distance) }
    var low = 0
    var high = rounds.count
    while low < high {
      let middle = (low + high) / 2
      if rounds[middle].view < view { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func index(of view: View) -> Int? {
    let position = position(of: view)
    return position < rounds.count && rounds[position].view == view ? position : nil
  }

  subscript(index: Int) -> Round {
    get { rounds[index] }
    _modify { yield &rounds[index] }
  }

  /// A round that is known to exist.
  subscript(existing view: View) -> Round {
    get { rounds[known(view)] }
    _modify { yield &rounds[known(view)] }
  }

  private func known(_ view: View) -> Int {
    guard let index = index(of: view) else { preconditionFailure("view \(view) has no round") }
    return index
  }

  /// Positions of the rounds above `view`.
  func positions(above view: View) -> Range<Int> {
    guard let next = view.next else { return rounds.count..<rounds.count }
    return position(of: next)..<rounds.count
  }

  /// The round's position; it comes into being if needed.
  mutating func open(_ view: View, leader: ValidatorIndex) -> Int {
    let position = position(of: view)
    if position == rounds.count || rounds[position].view != view {
      rounds.insert(Round(view: view, leader: leader), at: position)
    }
    return position
  }

  /// Whether a nullification of the view is held, or was.
  func isNullified(_ view: View) -> Bool {
    if view > bridge.base && view <= bridge.through { return true }
    guard let index = index(of: view) else { return false }
    return rounds[index].nullification != nil
  }

  /// The first view of `from..<end`, none of which has a round, that is not bridged.
  func gap(from: View, to end: View) -> View? {
    guard from > bridge.base && from <= bridge.through else { return from }
    guard let after = bridge.through.next, after < end else { return nil }
    return after
  }

  /// Drops the rounds below `view`, which are final.
  mutating func prune(below view: View) {
    rounds.removeFirst(position(of: view))
  }

  /// Keeps at most `limit` rounds above `finalized`: neither `usable` nor a view from `current` on goes.
  mutating func bound(_ limit: Int, finalized: View, usable: View, current: View) {
    while positions(above: finalized).count > limit {
      let lowest = positions(above: finalized).lowerBound
      if rounds[lowest].view < usable {
        drop(lowest, closing: true)
        continue
      }
      let end = bridge.base >= usable && bridge.through > usable ? bridge.through : usable
      guard let above = positions(above: end).first, rounds[above].view < current else { return }
      if rounds[above].view == end.next, rounds[above].nullification != nil {
        bridge = (bridge.base >= usable && bridge.through > usable ? bridge.base : usable, rounds[above].view)
        drop(above, closing: true)
      } else if rounds[above].view == end.next, rounds[above].certification.isPending {
        // Its execution will move the whole window on; the one after it can be asked for again.
        guard above + 1 < rounds.count, rounds[above + 1].view < current else { return }
        drop(above + 1, closing: false)
      } else {
        // Below it something is missing. That is asked for from below, so this one comes again.
        drop(above, closing: false)
      }
    }
  }

  private mutating func drop(_ index: Int, closing: Bool) {
    let view = rounds[index].view
    if closing { closed = max(closed, view) }
    forgotten = max(forgotten, view)
    rounds.remove(at: index)
  }

  func checkInvariants(finalized: View) {
    for (index, round) in rounds.enumerated() {
      round.checkInvariants()
      precondition(index == 0 || rounds[index - 1].view < round.view, "rounds are not ascending")
    }
    precondition(
      positions(above: finalized).count <= Limits.trackedViews + 2, "more than \(Limits.trackedViews) views are kept")
  }
}
