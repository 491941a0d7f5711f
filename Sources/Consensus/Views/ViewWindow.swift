import Primitives

/// The views held in memory, in ascending order.
///
/// Only the current view, the next one and views with a certificate get a state, so made-up view numbers of a peer
/// take no memory (R4, R23, C13). Views far below the last finalization are dropped. If nothing is finalized for very
/// long, views above it are dropped too: first those below the highest usable view, then the run of nullified views
/// right above it, of which only the ends are remembered.
struct ViewWindow: ~Copyable {
  private(set) var states: [ViewState] = []
  /// The views above `base`, up to and including `through`, are nullified, and their states are dropped.
  private(set) var bridge: (base: View, through: View) = (.genesis, .genesis)
  /// No view up to and including this one gets a state again, except by a finalization.
  private(set) var closed: View = .genesis
  /// The highest view above the last finalization whose state was dropped. What was said there is forgotten.
  private(set) var forgotten: View = .genesis

  /// The first position whose view is not below `view`. O(log n), or O(1) if the views before it are consecutive.
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

  subscript(index: Int) -> ViewState { states[index] }

  /// The state of a view that is known to have one.
  subscript(existing view: View) -> ViewState {
    guard let index = index(of: view) else { preconditionFailure("view \(view) has no state") }
    return states[index]
  }

  /// The positions of the views above `view`.
  func positions(above view: View) -> Range<Int> {
    guard let next = view.next else { return states.count..<states.count }
    return position(of: next)..<states.count
  }

  /// The position of the view's state, which is created if it does not exist.
  mutating func open(_ view: View, leader: ValidatorIndex) -> Int {
    let position = position(of: view)
    if position == states.count || states[position].view != view {
      states.insert(ViewState(view: view, leader: leader), at: position)
    }
    return position
  }

  /// Whether a nullification of the view is or was held.
  func isNullified(_ view: View) -> Bool {
    if view > bridge.base && view <= bridge.through { return true }
    guard let index = index(of: view) else { return false }
    return states[index].nullification != nil
  }

  /// The first view of `from..<end` that the bridge does not cover. No view of this range has a state.
  func gap(from: View, to end: View) -> View? {
    guard from > bridge.base && from <= bridge.through else { return from }
    guard let after = bridge.through.next, after < end else { return nil }
    return after
  }

  /// Drops the views below `view`, all of which are final.
  mutating func prune(below view: View) {
    states.removeFirst(position(of: view))
  }

  /// Keeps at most `limit` views above `finalized`. Drops neither `usable` nor any view from `current` on.
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
        // Its execution will move the whole window forward; the certificates of the view after it can be fetched
        // again.
        guard above + 1 < states.count, states[above + 1].view < current else { return }
        drop(above + 1, closing: false)
      } else {
        // Something below this view is missing. It is fetched from below, so that this view is fetched again too.
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
