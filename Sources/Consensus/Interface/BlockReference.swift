package import Primitives

/// A block and the view in which it was notarized. A leader builds on such a block.
package struct BlockReference: Hashable, Sendable {
  package var view: View
  package var block: Digest

  package init(view: View, block: Digest) {
    self.view = view
    self.block = block
  }
}
