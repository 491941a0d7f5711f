internal import Primitives

/// A node of the directory. The row stays when the node is removed, but then has no entry in the state.
struct NodeRow: StateRow {
  let name: Name
  var node: DirectoryEntry?

  init(_ node: DirectoryEntry) {
    name = node.name
    self.node = node
  }

  var key: Name { name }

  func entry(in state: borrowing LedgerState) -> StateEntry? { node.map { .node($0) } }

  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes) {
    derived.replace(row.node, with: old?.node, in: slot)
  }
}
