/// The place where the state keeps an entry: a table, named by the kind of the entry's key, and the slot of a row in
/// it.
package struct EntryPlace: Hashable, BitwiseCopyable, Sendable {
  let slot: UInt32
  let kind: StateKey.Kind

  init(_ kind: StateKey.Kind, _ slot: UInt32) {
    self.kind = kind
    self.slot = slot
  }

  /// The place of a group of remembered transactions.
  package static func remembered(_ slot: UInt32) -> EntryPlace { EntryPlace(.remembered, slot) }
}
