internal import Primitives

/// Who acts in a transaction: the members of whose current keys enough have signed, by slot.
struct Signers {
  // At most as many as there can be signatures, so searching is cheap.
  private var acting: [UInt32] = []
  /// How many of them are administrators.
  private(set) var administrators: UInt16 = 0

  func contains(_ member: UInt32) -> Bool { acting.contains(member) }

  /// Judges the signatures by what `members` says now. One whose key is not, or no longer, its member's counts
  /// nothing, and a suspended member does not act.
  mutating func weigh(_ cursor: consuming SignatureCursor, _ members: borrowing VersionedTable<Member>) {
    acting.removeAll(keepingCapacity: true)
    administrators = 0
    var name: Name?
    var slot: UInt32?
    var keys = 0
    // Signatures come in the order of members, so each member's keys stand together.
    while let signature = cursor.next() {
      if signature.member != name {
        count(slot, keys, members)
        name = signature.member
        slot = members.slot(of: signature.member)
        keys = 0
      }
      if let slot, members.rows[Int(slot)].authority.keys.contains(signature.key) { keys += 1 }
    }
    count(slot, keys, members)
  }

  private mutating func count(_ slot: UInt32?, _ keys: Int, _ members: borrowing VersionedTable<Member>) {
    guard let slot else { return }
    let index = Int(slot)
    guard keys >= members.rows[index].authority.threshold, !members.rows[index].isSuspended else { return }
    acting.append(slot)
    if members.rows[index].authority.roles.contains(.administrator) { administrators += 1 }
  }
}
