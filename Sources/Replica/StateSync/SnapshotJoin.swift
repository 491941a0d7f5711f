internal import Ledger
internal import Primitives

/// Fetching a snapshot: one manifest that a certificate vouches for, then its chunks from several peers at once.
///
/// Each chunk is checked alone against the manifest, so it does not matter who sends it, and what is here already need
/// not be fetched again after a restart.
struct SnapshotJoin {
  /// Chunks that are asked of one peer at once.
  private static let window = 2

  private struct Request {
    var peer: PeerID
    var deadline: Tick
  }

  private struct Fetching {
    var manifest: SnapshotManifest
    /// Chunks to ask for, the next one last.
    var missing: [Int]
    var open: [Int: Request] = [:]
    /// Peers that are not asked any more: they do not have it, or were silent.
    var excluded: Set<PeerID> = []
  }

  private var fetching: Fetching?
  /// All chunks are here; the shell loads the state.
  private(set) var isAssembling = false
  /// Whom a manifest was asked of last, and until when nobody else is.
  private var asked: PeerID?
  private var askAt: Tick?
  /// Who may send a manifest: each peer that was asked, once.
  private var awaited: Set<PeerID> = []

  /// Whether blocks need not be fetched meanwhile.
  var isUnderWay: Bool { fetching != nil || isAssembling }
  var manifest: SnapshotManifest? { fetching?.manifest }

  /// When silent peers are given up.
  var nextDeadline: Tick? { fetching?.open.values.map(\.deadline).min() }

  // MARK: The manifest

  /// Whom to ask for a manifest now; nil if that was done a short time ago.
  mutating func nextPeer(of connected: Set<PeerID>, now: Tick, retry: UInt64) -> PeerID? {
    if let askAt, now < askAt { return nil }
    let ordered = connected.sorted()
    guard let peer = ordered.first(where: { $0 > (asked ?? $0) }) ?? ordered.first else { return nil }
    asked = peer
    askAt = now.advanced(byMicroseconds: retry)
    awaited.insert(peer)
    return peer
  }

  /// Whether a manifest from `peer` is wanted; another one of it is not.
  mutating func accepts(from peer: PeerID) -> Bool {
    awaited.remove(peer) != nil && !isUnderWay
  }

  /// A peer may offer a snapshot in answer to a question for blocks that it does not have any more.
  mutating func expect(from peer: PeerID) { awaited.insert(peer) }

  mutating func begin(_ manifest: SnapshotManifest, here: Set<Int>) {
    let missing = manifest.chunks.indices.filter { !here.contains($0) }
    fetching = Fetching(manifest: manifest, missing: missing.reversed())
    isAssembling = false
  }

  // MARK: Chunks

  /// Chunks to ask for now, and of whom.
  mutating func requests(
    of connected: Set<PeerID>, now: Tick, retry: UInt64
  ) -> [(peer: PeerID, index: Int)] {
    guard var current = fetching else { return [] }
    for (index, request) in current.open where request.deadline <= now {
      // Silent about one, silent about all: it may have pruned the snapshot.
      current.excluded.insert(request.peer)
      current.open[index] = nil
      current.missing.append(index)
    }
    var requests: [(peer: PeerID, index: Int)] = []
    let peers = connected.subtracting(current.excluded).sorted()
    if peers.isEmpty, !connected.isEmpty, current.open.isEmpty, !current.missing.isEmpty {
      // Nobody has it: begin anew with what they have, after a while.
      fetching = nil
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

  /// Whether this chunk was asked of this peer. It is not any more.
  mutating func accepts(_ index: Int, of height: Height, from peer: PeerID) -> Bool {
    guard fetching?.manifest.height == height, fetching?.open[index]?.peer == peer else { return false }
    fetching?.open[index] = nil
    return true
  }

  /// The peer does not have the chunk, or sent another one.
  mutating func refused(_ index: Int, by peer: PeerID) {
    fetching?.missing.append(index)
    fetching?.excluded.insert(peer)
  }

  /// Whether nothing is missing any more. Then the state is to be loaded.
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
