package import Primitives

/// A block and the view in which it was notarized: what a leader builds on.
package struct BlockReference: Hashable, Sendable {
  package var view: View
  package var block: Digest

  package init(view: View, block: Digest) {
    self.view = view
    self.block = block
  }
}
