internal import Ledger
internal import Primitives

/// The blocks above the last committed one, by digest. They form a small tree, because views may be given up.
///
/// The owner bounds it: one proposed block for each view above the last finalization, and the requested blocks.
struct BlockTree {
  struct Node {
    var block: Block
    /// Whether the block is in the log.
    var isLogged: Bool
    /// Whether this node found the block valid on its parent, with all signatures.
    var isChecked: Bool
    /// Whether the content was found valid here, on the state that the block's header names.
    var isFaultless = false
    /// The record of its execution on its parent; nil until it was executed.
    var execution: ExecutionRecord?
  }

  private var nodes: [Digest: Node] = [:]

  var count: Int { nodes.count }

  subscript(_ digest: Digest) -> Node? {
    get { nodes[digest] }
    set { nodes[digest] = newValue }
  }

  /// Adds a block; one that is already in the tree is left unchanged.
  mutating func insert(_ block: Block, isLogged: Bool) {
    guard nodes[block.digest] == nil else { return }
    nodes[block.digest] = Node(block: block, isLogged: isLogged, isChecked: false, execution: nil)
  }

  /// Removes every block at or below `height`: one of each height is committed, the others were given up.
  mutating func prune(through height: Height) {
    nodes = nodes.filter { $0.value.block.header.height > height }
  }

  /// Removes a block that led to nothing, unless it is in the log or was executed.
  mutating func discard(_ digest: Digest) {
    guard let node = nodes[digest], !node.isLogged, node.execution == nil else { return }
    nodes[digest] = nil
  }
}
