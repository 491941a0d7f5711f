internal import Ledger
internal import Primitives

/// Fetches a snapshot: one manifest that a certificate vouches for, then its chunks from several peers in parallel.
///
/// Each chunk is checked against the manifest on its own, so it does not matter who sends it, and chunks that are
/// already here need not be fetched again after a restart.
struct SnapshotJoin {
  /// How many chunks may be requested from one peer at the same time.
  private static let window = 2

  private struct Request {
    var peer: PeerID
    var deadline: Tick
  }

  private struct Fetching {
    var manifest: SnapshotManifest
    /// Chunks still to be requested; the last element is the next.
    var missing: [Int]
    var open: [Int: Request] = [:]
    /// Peers that are not asked any more, because they do not have the snapshot or were silent.
    var excluded: Set<PeerID> = []
  }

  private var fetching: Fetching?
  /// Whether all chunks are here and the shell is loading the state.
  private(set) var isAssembling = false
  /// The peer that was last asked for a manifest, and the time until which no other peer is asked.
  private var asked: PeerID?
  private var askAt: Tick?
  /// The peers that may send a manifest: each peer that was asked, once.
  private var awaited: Set<PeerID> = []

  /// Whether a snapshot is being fetched or loaded, so that no blocks need to be fetched.
  var isUnderWay: Bool { fetching != nil || isAssembling }
  var manifest: SnapshotManifest? { fetching?.manifest }

  /// When a silent peer is given up.
  var nextDeadline: Tick? { fetching?.open.values.map(\.deadline).min() }

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

  /// Whether a manifest from `peer` is wanted. Only one is accepted per question.
  mutating func accepts(from peer: PeerID) -> Bool {
    awaited.remove(peer) != nil && !isUnderWay
  }

  /// Notes that a peer may offer a snapshot when it is asked for blocks that it no longer has.
  mutating func expect(from peer: PeerID) { awaited.insert(peer) }

  mutating func begin(_ manifest: SnapshotManifest, here: Set<Int>) {
    let missing = manifest.chunks.indices.filter { !here.contains($0) }
    fetching = Fetching(manifest: manifest, missing: missing.reversed())
    isAssembling = false
  }

  // MARK: Chunks

  /// Chunks to request now, and the peers to request them from.
  mutating func requests(
    of connected: Set<PeerID>, now: Tick, retry: UInt64
  ) -> [(peer: PeerID, index: Int)] {
    guard var current = fetching else { return [] }
    // The list of what is missing is not copied.
    fetching = nil
    for (index, request) in current.open where request.deadline <= now {
      // A peer that is silent about one chunk is not asked for others: it may have pruned the snapshot.
      current.excluded.insert(request.peer)
      current.open[index] = nil
      current.missing.append(index)
    }
    var requests: [(peer: PeerID, index: Int)] = []
    let peers = connected.subtracting(current.excluded).sorted()
    if peers.isEmpty, !connected.isEmpty, current.open.isEmpty, !current.missing.isEmpty {
      // Nobody has the snapshot: start again later with a snapshot that they have.
      askAt = now.advanced(byMicroseconds: retry)
      return []
    }
    var counts = [PeerID: Int](current.open.values.map { ($0.peer, 1) }, uniquingKeysWith: +)
    for _ in 0..<Self.window {
      for peer in peers where counts[peer, default: 0] < Self.window {
        guard let index = current.missing.popLast() else { break }
        counts[peer, default: 0] += 1
        current.open[index] = Request(peer: peer, deadline: now.advanced(byMicroseconds: retry))
        requests.append((peer, index))
      }
    }
    fetching = current
    return requests
  }

  /// Whether this chunk was requested from this peer. The request is then closed.
  mutating func accepts(_ index: Int, of height: Height, from peer: PeerID) -> Bool {
    guard fetching?.manifest.height == height, fetching?.open[index]?.peer == peer else { return false }
    fetching?.open[index] = nil
    return true
  }

  /// Notes that the peer does not have the chunk or sent a wrong one.
  mutating func refused(_ index: Int, by peer: PeerID) {
    fetching?.missing.append(index)
    fetching?.excluded.insert(peer)
  }

  /// The snapshot's height if all of its chunks are here, so that the state must now be loaded.
  mutating func isReady() -> Height? {
    guard let current = fetching, current.missing.isEmpty, current.open.isEmpty, !isAssembling else { return nil }
    isAssembling = true
    fetching = nil
    return current.manifest.height
  }

  mutating func lost(_ peer: PeerID) {
    awaited.remove(peer)
    guard let current = fetching else { return }
    for (index, request) in current.open where request.peer == peer {
      fetching?.open[index] = nil
      fetching?.missing.append(index)
    }
    fetching?.excluded.remove(peer)
  }

  mutating func fail() {
    fetching = nil
    isAssembling = false
  }

  mutating func reset() { self = SnapshotJoin() }
}
