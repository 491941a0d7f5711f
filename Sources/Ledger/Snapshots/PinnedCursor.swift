/// The progress of a walk over the pinned state.
package struct PinnedCursor: Sendable {
  /// The index of the kind in the order of kinds.
  var table = 0
  var slot: UInt32 = 0

  package init() {}

  init(table: Int) { self.table = table }
}
