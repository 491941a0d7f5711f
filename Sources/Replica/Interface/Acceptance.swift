package import Primitives

/// A transaction that was accepted.
package struct Acceptance: Hashable, Sendable {
  package var id: Digest
  /// Whether it was already in a final block; otherwise it waits for one.
  package var isFinal: Bool

  package init(id: Digest, isFinal: Bool = false) {
    self.id = id
    self.isFinal = isFinal
  }
}
