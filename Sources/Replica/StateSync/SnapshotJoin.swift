internal import Ledger
internal import Primitives

/// Fetches a snapshot: one manifest that a certificate vouches for, then its chunks from several peers in parallel.
///
/// Each chunk is checked against the manifest on its own, so it does not matter who sends it, and chunks that are
/// already here need not be fetched again after a restart. A snapshot that comes too slowly is set aside for a while, and
/// the next one is given more time.
struct SnapshotJoin {
  private struct Fetching {
    var manifest: SnapshotManifest
    var chunks: ChunkRequests
    /// Who offered the snapshot; nil for the node's own disk.
    var source: PeerID?
  }

  private var fetching: Fetching?
  /// The snapshot that was given up last. Its chunks are on disk until another one is begun.
  private var setAside: Fetching?
  /// Until when a snapshot of that height is not taken.
  private var asideUntil: Tick?
  /// How many snapshots in a row were given up.
  private var failures: UInt64 = 0
  /// Whether all chunks are here and the shell is loading the state.
  private(set) var isAssembling = false
  /// The peer that was last asked for a manifest, and the time until which no other peer is asked.
  private var asked: PeerID?
  private var askAt: Tick?
  /// The peers that may send a manifest because they were asked for one, or for blocks; once each.
  private var awaited: Set<PeerID> = []
  private var awaitedInstead: Set<PeerID> = []

  private static let doublings: UInt64 = 6

  /// Whether a snapshot is being fetched or loaded.
  var isUnderWay: Bool { fetching != nil || isAssembling }
  var isFetching: Bool { fetching != nil }
  var manifest: SnapshotManifest? { fetching?.manifest }

  /// When something is due for the snapshot that is being fetched.
  func nextDeadline(retry: UInt64) -> Tick? { fetching?.chunks.nextDeadline(retry: retry) }

  // MARK: The manifest

  /// The peer to ask for a manifest now; nil if one was asked recently.
  mutating func nextPeer(of connected: Set<PeerID>, now: Tick, retry: UInt64) -> PeerID? {
    if let askAt, now < askAt { return nil }
    let ordered = connected.sorted()
    guard let peer = ordered.first(where: { $0 > (asked ?? $0) }) ?? ordered.first else { return nil }
    asked = peer
    askAt = now.advanced(byMicroseconds: retry)
    awaited.insert(peer)
    return peer
  }

  /// Lets the peer that was asked last be asked again at once.
  mutating func askAgain() {
    guard let asked else { return }
    askAt = nil
    self.asked = asked.rawValue == 0 ? nil : PeerID(asked.rawValue - 1)
  }

  /// Whether a manifest from `peer` is wanted. Only one is accepted per question.
  mutating func accepts(from peer: PeerID) -> Bool {
    awaited.remove(peer) != nil || awaitedInstead.remove(peer) != nil
  }

  /// Whether a manifest from `peer` can only be the answer to a question for blocks.
  func isInsteadOfBlocks(from peer: PeerID) -> Bool { !awaited.contains(peer) && awaitedInstead.contains(peer) }

  /// Notes that a peer may offer a snapshot when it is asked for blocks that it no longer has.
  mutating func expect(from peer: PeerID) { awaitedInstead.insert(peer) }

  /// Whether a snapshot may be begun: no other one is under way, and this one was not given up a moment ago.
  func takes(_ manifest: SnapshotManifest, now: Tick) -> Bool {
    guard !isUnderWay else { return false }
    guard let setAside, let asideUntil, setAside.manifest.height == manifest.height else { return true }
    return asideUntil <= now
  }

  /// Begins or continues a snapshot. Returns how many of its chunks are here.
  mutating func begin(_ manifest: SnapshotManifest, here: Set<Int>, from source: PeerID?) -> Int {
    var chunks = ChunkRequests(count: manifest.chunks.count, here: here)
    if let kept = setAside, kept.manifest == manifest {
      chunks = kept.chunks
      chunks.restart()
    }
    setAside = nil
    fetching = Fetching(manifest: manifest, chunks: chunks, source: source)
    isAssembling = false
    return manifest.chunks.count - chunks.missingCount
  }

  // MARK: Chunks

  /// Chunks to request now, and the peers to request them from. Gives the snapshot up if it comes too slowly.
  mutating func requests(of connected: Set<PeerID>, now: Tick, retry: UInt64) -> [(peer: PeerID, index: Int)] {
    guard var current = fetching else { return [] }
    // The list of what is missing is not copied.
    fetching = nil
    let patience = UInt64(1) << min(failures, Self.doublings)
    if current.chunks.isHopeless(of: connected, patience: patience, now: now, retry: retry) {
      giveUp(current, now, retry)
      return []
    }
    let requests = current.chunks.next(of: connected, now: now, retry: retry)
    fetching = current
    return requests
  }

  /// Sets a snapshot aside. The next peer is asked for another one soon.
  private mutating func giveUp(_ current: Fetching, _ now: Tick, _ retry: UInt64) {
    failures += 1
    setAside = current
    asideUntil = now.advanced(byMicroseconds: (16 * retry) << min(failures, Self.doublings))
    asked = current.source ?? asked
    askAt = now.advanced(byMicroseconds: retry)
  }

  /// Whether this chunk was requested from this peer. The request is then closed.
  mutating func accepts(_ index: Int, of height: Height, from peer: PeerID) -> Bool {
    guard fetching?.manifest.height == height else { return false }
    return fetching?.chunks.accepts(index, from: peer) == true
  }

  /// Notes that the peer does not have the chunk or sent a wrong one.
  mutating func refused(_ index: Int, by peer: PeerID) { fetching?.chunks.refused(index, by: peer) }

  /// The snapshot's height if all of its chunks are here, so that the state must now be loaded.
  mutating func isReady() -> Height? {
    guard let current = fetching, current.chunks.isComplete, !isAssembling else { return nil }
    isAssembling = true
    fetching = nil
    return current.manifest.height
  }

  mutating func lost(_ peer: PeerID) {
    awaited.remove(peer)
    awaitedInstead.remove(peer)
    fetching?.chunks.lost(peer)
  }

  /// Gives up a snapshot that could not be loaded.
  mutating func fail() {
    fetching = nil
    isAssembling = false
  }

  /// The shell has loaded a snapshot.
  mutating func loaded() { isAssembling = false }

  /// Drops a snapshot that the chain has passed by itself. One that is being loaded is left to the shell.
  mutating func drop(through height: Height) {
    if let current = fetching, current.manifest.height <= height { fetching = nil }
    if let kept = setAside, kept.manifest.height <= height { setAside = nil }
  }

  /// Forgets everything except that the shell is loading a state.
  mutating func reset() {
    let isLoading = isAssembling
    self = SnapshotJoin()
    isAssembling = isLoading
  }
}
