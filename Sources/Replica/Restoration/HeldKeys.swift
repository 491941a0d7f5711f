package import Primitives

/// The vote keys that a node holds: its own, and the one that it will have next, which lies beside it.
package struct HeldKeys: Equatable, Sendable {
  package var current: PublicKey
  package var next: PublicKey?

  package init(_ current: PublicKey, next: PublicKey? = nil) {
    self.current = current
    self.next = next
  }

  package var all: [PublicKey] { [current, next].compactMap(\.self) }
}
