package import BlockLog
package import Replica

/// What a log gives back at the start of its node.
package struct OpenedLog<Storage: Disk>: ~Copyable {
  var journal: Journal<Storage>
  var restoration: Restoration
  var index: ChainIndex

  /// Hands the parts over, each of which has one owner from then on.
  package consuming func use<Result: ~Copyable>(
    _ body: (consuming Journal<Storage>, consuming Restoration, ChainIndex) -> Result
  ) -> Result {
    body(journal, restoration, index)
  }
}
