internal import Primitives
internal import Synchronization

/// How many frames of each peer wait for the replica, in number and bytes. A peer that sends faster than they are
/// handled is not read for a while, and delays the others by no more than what waits here.
final class FrameLanes: Sendable {
  private struct Lane {
    var frames = 0
    var bytes = 0
    /// Whether the peer misbehaved on a link of which frames may still wait.
    var isBarred = false
    /// Whether the peer's link may have stopped reading because there was no room.
    var isRefused = false
    /// Until when the peer's link is not read because it sends so much that is of no use.
    var pausedUntil = Tick(0)
  }

  /// The greatest number of waiting frames of all peers, and their bytes. One more frame of each may follow.
  static let frameLimit = 8192
  static let byteLimit = 64 << 20
  /// The greatest share of one peer, however few there are.
  static let frameShare = 256
  static let byteShare = 4 << 20

  private struct State {
    var frames: Int
    var bytes: Int
    /// By the peers' numbers, which are below `Limits.nodes`.
    var lanes: [Lane]

    init(peers: Int) {
      frames = max(1, min(FrameLanes.frameShare, FrameLanes.frameLimit / max(1, peers)))
      bytes = max(1, min(FrameLanes.byteShare, FrameLanes.byteLimit / max(1, peers)))
      lanes = Array(repeating: Lane(), count: peers)
    }

    func isFull(_ lane: Lane, _ now: Tick) -> Bool {
      lane.frames >= frames || lane.bytes >= bytes || lane.pausedUntil > now
    }
  }

  private let state: Mutex<State>

  init(peers: Int) { state = Mutex(State(peers: peers)) }

  /// Divides the room among another number of peers.
  func share(among peers: Int) {
    state.withLock { state in
      let lanes = state.lanes
      state = State(peers: peers)
      state.lanes = lanes + Array(repeating: Lane(), count: max(0, peers - lanes.count))
    }
  }

  private func change<Value: Sendable>(_ peer: PeerID, _ body: (inout Lane, State) -> Value) -> Value? {
    state.withLock { state in
      let index = Int(peer.rawValue)
      guard index < Limits.nodes else { return nil }
      while state.lanes.count <= index { state.lanes.append(Lane()) }
      var lane = state.lanes[index]
      defer { state.lanes[index] = lane }
      return body(&lane, state)
    }
  }

  func add(_ count: Int, of peer: PeerID) {
    _ = change(peer) { lane, _ in
      lane.frames += 1
      lane.bytes += count
    }
  }

  /// Notes that a frame no longer waits. Returns false if it must not be handled, because it is from a link on which
  /// the peer misbehaved.
  func remove(_ count: Int, of peer: PeerID) -> Bool {
    change(peer) { lane, _ in
      lane.frames -= 1
      lane.bytes -= count
      return !lane.isBarred
    } ?? true
  }

  func hasRoom(for peer: PeerID, _ now: Tick) -> Bool {
    change(peer) { lane, state in
      lane.isRefused = state.isFull(lane, now)
      return !lane.isRefused
    } ?? true
  }

  /// Has a peer's link not read before `tick`.
  func pause(_ peer: PeerID, until tick: Tick) { _ = change(peer) { lane, _ in lane.pausedUntil = tick } }

  /// Whether there is room again for a peer for which there was none, so that its link must be read again; and when a
  /// pause ends for which this must be asked again.
  func mustResume(_ now: Tick) -> (isDue: Bool, next: Tick?) {
    state.withLock { state in
      var isDue = false
      var next: Tick?
      for index in state.lanes.indices where state.lanes[index].isRefused {
        let until = state.lanes[index].pausedUntil
        if until > now { next = min(next ?? until, until) }
        guard !state.isFull(state.lanes[index], now) else { continue }
        state.lanes[index].isRefused = false
        isDue = true
      }
      return (isDue, next)
    }
  }

  /// Drops what waits of a peer that misbehaved. Must be called before its link is closed.
  func bar(_ peer: PeerID) { _ = change(peer) { lane, _ in lane.isBarred = true } }

  /// Notes that what follows is from a new link.
  func admit(_ peer: PeerID) { _ = change(peer) { lane, _ in lane.isBarred = false } }
}
