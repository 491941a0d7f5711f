package import Primitives

/// What the shell is to do for a snapshot that is being fetched.
package enum SnapshotStep: Equatable, Sendable {
  /// A new one begins: its manifest, checked. What was fetched of another is thrown away.
  case begin(Height, manifest: [UInt8])
  /// A chunk of it, checked.
  case store(Height, index: Int, bytes: [UInt8])
  /// All chunks were handed over: load the state and give it to `Replica.install`.
  case assemble(Height)
}
