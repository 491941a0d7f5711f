internal import BlockLog
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

/// The outcome of one snapshot command at a simulated node.
final class SnapshotOutcome: SnapshotReceiver {
  private let loading: (StoredSnapshot<MemoryDisk>) throws(SnapshotFault) -> LoadedState
  private(set) var copied: Height?
  private(set) var made: Height?
  private(set) var unproven: Height?
  private(set) var failed: Height?
  var state: LoadedState?

  init(loading: @escaping (StoredSnapshot<MemoryDisk>) throws(SnapshotFault) -> LoadedState) {
    self.loading = loading
  }

  func copied(_ height: Height) { copied = height }
  func made(_ manifest: SnapshotManifest, bytes: Int, longestPiece: UInt64) { made = manifest.height }
  func unproven(_ height: Height) { unproven = height }
  func load(_ stored: StoredSnapshot<MemoryDisk>) throws(SnapshotFault) -> LoadedState { try loading(stored) }
  func loaded(_ state: consuming LoadedState) { self.state = consume state }
  func failed(_ height: Height) { failed = height }
}
