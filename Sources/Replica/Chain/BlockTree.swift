internal import Ledger
internal import Primitives

/// The blocks above the last committed one, by digest: a small tree, because views may be given up.
///
/// Bounded by its owner: one proposed block of each view above the last finalization, and what was asked for.
struct BlockTree {
  struct Node {
    var block: Block
    /// Whether the log holds the body.
    var isLogged: Bool
    /// Whether its content was found valid on its parent and all signatures hold, or a quorum says so.
    var isChecked: Bool
    /// Whether its content was found valid here, on the state that its header names.
    var isFaultless = false
    /// What executing it on its parent gave, once that happened.
    var execution: ExecutionRecord?
  }

  private var nodes: [Digest: Node] = [:]

  var count: Int { nodes.count }

  subscript(_ digest: Digest) -> Node? {
    get { nodes[digest] }
    set { nodes[digest] = newValue }
  }

  /// Takes a block; one that is here already changes nothing.
  mutating func insert(_ block: Block, isLogged: Bool) {
    guard nodes[block.digest] == nil else { return }
    nodes[block.digest] = Node(block: block, isLogged: isLogged, isChecked: false, execution: nil)
  }

  /// Forgets every block at or below `height`: one of each height is committed, the others were given up.
  mutating func prune(through height: Height) {
    nodes = nodes.filter { $0.value.block.header.height > height }
  }

  /// Forgets a block that came to nothing: neither logged nor executed.
  mutating func discard(_ digest: Digest) {
    guard let node = nodes[digest], !node.isLogged, node.execution == nil else { return }
    nodes[digest] = nil
  }
}
