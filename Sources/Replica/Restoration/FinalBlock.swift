package import Primitives

/// A final block, without its content.
package struct FinalBlock: Equatable, Sendable {
  package var digest: Digest
  package var height: Height
}
