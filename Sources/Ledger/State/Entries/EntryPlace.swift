/// Where the state keeps an entry: the table, named by the kind of the entry's key, and the row's slot in it.
package struct EntryPlace: Hashable, BitwiseCopyable, Sendable {
  let slot: UInt32
  let kind: StateKey.Kind

  init(_ kind: StateKey.Kind, _ slot: UInt32) {
    self.kind = kind
    self.slot = slot
  }

  /// The only entry without a row.
  static let parameters = EntryPlace(.parameters, 0)

  /// Of a group of remembered transactions.
  package static func remembered(_ slot: UInt32) -> EntryPlace { EntryPlace(.remembered, slot) }
}
