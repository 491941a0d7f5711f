package import Primitives

/// A transaction that was taken.
package struct Acceptance: Hashable, Sendable {
  package var id: Digest
  /// It was in a final block before; else it waits for one.
  package var isFinal: Bool

  package init(id: Digest, isFinal: Bool = false) {
    self.id = id
    self.isFinal = isFinal
  }
}
