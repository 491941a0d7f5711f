package import Primitives

/// What the shell must do for a snapshot that is being fetched.
package enum SnapshotStep: Equatable, Sendable {
  /// Begin a new snapshot with this verified manifest, and discard what was fetched of another one.
  case begin(Height, manifest: [UInt8])
  /// Store a verified chunk of the snapshot.
  case store(Height, index: Int, bytes: [UInt8])
  /// All chunks were handed over: load the state and pass it to `Replica.install`.
  case assemble(Height)
}
