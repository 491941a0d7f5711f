import Primitives

/// The views that exist in memory, ascending.
///
/// Only the current view, the next one and views with a certificate come into being, so numbers a peer makes
/// up take no memory (R4, R23, C13). Views far below the last finalization are dropped, and if nothing is finalized for
/// very long, those above it too: first what lies below the highest usable block, then the run of given-up
/// views right above it, of which only its ends are kept.
struct ViewWindow: Sendable {
  private(set) var states: [ViewState] = []
  /// Views above `base` up to `through` are given up; their views are gone.
  private(set) var bridge: (base: View, through: View) = (.genesis, .genesis)
  /// No state up to here will come into being again.
  private(set) var closed: View = .genesis
  /// The highest view above the last finalization whose state was dropped: what was said there is forgotten.
  private(set) var forgotten: View = .genesis

  /// The first position whose view is not below `view`. O(log n), and at once where no view is left out.
  func position(of view: View) -> Int {
    guard let first = states.first?.view, view > first else { return 0 }
    let distance = view.rawValue - first.rawValue
    if distance < states.count, states[Int(distance)].view == view { return Int(distance) }
    var low = 0
    var high = states.count
    while low < high {
      let middle = (low + high) / 2
      if states[middle].view < view { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func index(of view: View) -> Int? {
    let position = position(of: view)
    return position < states.count && states[position].view == view ? position : nil
  }

  subscript(index: Int) -> ViewState {
    get { states[index] }
    _modify { yield &states[index] }
  }

  /// A state that is known to exist.
  subscript(existing view: View) -> ViewState {
    get { states[known(view)] }
    _modify { yield &states[known(view)] }
  }

  private func known(_ view: View) -> Int {
    guard let index = index(of: view) else { preconditionFailure("view \(view) has no state") }
    return index
  }

  /// Positions of the views above `view`.
  func positions(above view: View) -> Range<Int> {
    guard let next = view.next else { return states.count..<states.count }
    return position(of: next)..<states.count
  }

  /// The state's position; it comes into being if needed.
  mutating func open(_ view: View, leader: ValidatorIndex) -> Int {
    let position = position(of: view)
    if position == states.count || states[position].view != view {
      states.insert(ViewState(view: view, leader: leader), at: position)
    }
    return position
  }

  /// Whether a nullification of the view is held, or was.
  func isNullified(_ view: View) -> Bool {
    if view > bridge.base && view <= bridge.through { return true }
    guard let index = index(of: view) else { return false }
    return states[index].nullification != nil
  }

  /// The first view of `from..<end`, none of which has a state, that is not bridged.
  func gap(from: View, to end: View) -> View? {
    guard from > bridge.base && from <= bridge.through else { return from }
    guard let after = bridge.through.next, after < end else { return nil }
    return after
  }

  /// Drops the views below `view`, which are final.
  mutating func prune(below view: View) {
    states.removeFirst(position(of: view))
  }

  /// Keeps at most `limit` views above `finalized`: neither `usable` nor a view from `current` on goes.
  mutating func bound(_ limit: Int, finalized: View, usable: View, current: View) {
    while positions(above: finalized).count > limit {
      let lowest = positions(above: finalized).lowerBound
      if states[lowest].view < usable {
        drop(lowest, closing: true)
        continue
      }
      let end = bridge.base >= usable && bridge.through > usable ? bridge.through : usable
      guard let above = positions(above: end).first, states[above].view < current else { return }
      if states[above].view == end.next, states[above].nullification != nil {
        bridge = (bridge.base >= usable && bridge.through > usable ? bridge.base : usable, states[above].view)
        drop(above, closing: true)
      } else if states[above].view == end.next, states[above].certification.isPending {
        // Its execution will move the whole window on; the one after it can be asked for again.
        guard above + 1 < states.count, states[above + 1].view < current else { return }
        drop(above + 1, closing: false)
      } else {
        // Below it something is missing. That is asked for from below, so this one comes again.
        drop(above, closing: false)
      }
    }
  }

  private mutating func drop(_ index: Int, closing: Bool) {
    let view = states[index].view
    if closing { closed = max(closed, view) }
    forgotten = max(forgotten, view)
    states.remove(at: index)
  }

  func checkInvariants(finalized: View) {
    for (index, state) in states.enumerated() {
      state.checkInvariants()
      precondition(index == 0 || states[index - 1].view < state.view, "states are not ascending")
    }
    precondition(
      positions(above: finalized).count <= Limits.trackedViews + 2, "more than \(Limits.trackedViews) states are kept")
  }
}
