/// The active members that have a role, by slot, so that nobody looks through all members for them.
struct ActiveHolders: Sendable {
  /// Ascending.
  private(set) var slots: [UInt32] = []

  var count: Int { slots.count }

  func contains(_ slot: UInt32) -> Bool {
    let place = place(of: slot)
    return place < slots.count && slots[place] == slot
  }

  /// Notes whether the member is one of them now.
  mutating func note(_ slot: UInt32, _ isHolder: Bool) {
    let place = place(of: slot)
    let isThere = place < slots.count && slots[place] == slot
    guard isThere != isHolder else { return }
    if isHolder { slots.insert(slot, at: place) } else { slots.remove(at: place) }
  }

  /// The place of the first slot that is not below this one.
  private func place(of slot: UInt32) -> Int {
    var low = 0
    var high = slots.count
    while low < high {
      let middle = (low + high) / 2
      if slots[middle] < slot { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
