package import BlockLog
package import Replica

/// What a node's log yields at the start of the node.
package struct OpenedLog<Storage: Disk>: ~Copyable {
  var journal: Journal<Storage>
  var restoration: Restoration
  var index: ChainIndex

  /// Hands over the parts, each of which has a single owner from then on.
  package consuming func use<Result: ~Copyable>(
    _ body: (consuming Journal<Storage>, consuming Restoration, ChainIndex) -> Result
  ) -> Result {
    body(journal, restoration, index)
  }
}
