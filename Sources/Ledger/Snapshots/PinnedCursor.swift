/// How far a walk over the pinned state is.
package struct PinnedCursor: Sendable {
  /// The place of the kind in the order of kinds.
  var table = 0
  var slot: UInt32 = 0

  package init() {}

  init(table: Int) { self.table = table }
}
