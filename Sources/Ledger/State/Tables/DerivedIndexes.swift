internal import Primitives

/// Look-ups derived from the tables, for finding rows by something other than their keys.
struct DerivedIndexes: Sendable {
  /// The members with each key.
  private(set) var keyHolders: [PublicKey: UInt32] = [:]
  private(set) var administrators = ActiveHolders()
  private(set) var registrars = ActiveHolders()
  /// The nodes of the directory with each pin, and their number.
  private(set) var pinHolders: [Digest: UInt32] = [:]
  private(set) var nodeCount = 0
  /// The open holds in the order of their return.
  var expiries = HoldExpiries()
  /// What keeps accounts from being closed.
  var uses = AccountUses()

  /// Notes that the member in a slot is another one now.
  mutating func replace(_ old: Member?, with new: Member?, in slot: UInt32) {
    // When changes are reverted, a key may be back at its earlier member already.
    for key in old?.authority.keys ?? [] where keyHolders[key] == slot { keyHolders.removeValue(forKey: key) }
    for key in new?.authority.keys ?? [] { keyHolders[key] = slot }
    administrators.note(slot, new?.isActive(.administrator) ?? false)
    registrars.note(slot, new?.isActive(.registrar) ?? false)
  }

  /// Notes that the node in a slot of the directory is another one now.
  mutating func replace(_ old: DirectoryEntry?, with new: DirectoryEntry?, in slot: UInt32) {
    if let old {
      nodeCount -= 1
      // When changes are reverted, the pin may be back at its earlier node already.
      for pin in old.pins where pinHolders[pin] == slot { pinHolders.removeValue(forKey: pin) }
    }
    if let new {
      nodeCount += 1
      for pin in new.pins { pinHolders[pin] = slot }
    }
  }
}
