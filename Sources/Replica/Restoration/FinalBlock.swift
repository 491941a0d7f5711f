package import Primitives

/// A block that is final, without its content.
package struct FinalBlock: Equatable, Sendable {
  package var digest: Digest
  package var height: Height
}
