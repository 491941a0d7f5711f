internal import Primitives

/// The members that act in a transaction, by slot: enough of their current keys have signed.
struct Signers {
  // No longer than the list of signatures, so searching is cheap.
  private var acting: [UInt32] = []
  /// The number of administrators among them.
  private(set) var administrators: UInt16 = 0
  /// The first registrar among them.
  private(set) var registrar: UInt32?

  func contains(_ member: UInt32) -> Bool { acting.contains(member) }

  /// Evaluates the signatures against the current rows of `members`. A signature counts only if its key is one of its
  /// member's current keys, and a suspended member does not act.
  mutating func weigh(_ cursor: consuming SignatureCursor, _ members: borrowing VersionedTable<Member>) {
    acting.removeAll(keepingCapacity: true)
    administrators = 0
    registrar = nil
    var name: Name?
    var slot: UInt32?
    var keys = 0
    // Signatures are sorted by member, so those of one member are adjacent.
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

  /// For a dry run: the member acts too, as if enough of its keys had signed.
  mutating func assume(_ member: UInt32, _ members: borrowing VersionedTable<Member>) {
    guard !contains(member) else { return }
    act(member, members)
  }

  /// For a dry run: at least so many administrators act.
  mutating func assume(administrators count: UInt16) { administrators = max(administrators, count) }

  private mutating func count(_ slot: UInt32?, _ keys: Int, _ members: borrowing VersionedTable<Member>) {
    guard let slot else { return }
    let index = Int(slot)
    guard keys >= members.rows[index].authority.threshold, !members.rows[index].isSuspended else { return }
    act(slot, members)
  }

  private mutating func act(_ slot: UInt32, _ members: borrowing VersionedTable<Member>) {
    acting.append(slot)
    let roles = members.rows[Int(slot)].authority.roles
    if roles.contains(.administrator) { administrators += 1 }
    if roles.contains(.registrar), registrar == nil { registrar = slot }
  }
}
