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

  private let frames: Int
  private let bytes: Int
  private let lanes: Mutex<[Lane]>

  init(peers: Int) {
    frames = max(1, min(Self.frameShare, Self.frameLimit / max(1, peers)))
    bytes = max(1, min(Self.byteShare, Self.byteLimit / max(1, peers)))
    lanes = Mutex(Array(repeating: Lane(), count: peers))
  }

  private func change<Value: Sendable>(_ peer: PeerID, _ body: (inout Lane) -> Value) -> Value? {
    lanes.withLock { lanes in
      lanes.indices.contains(Int(peer.rawValue)) ? body(&lanes[Int(peer.rawValue)]) : nil
    }
  }

  func add(_ count: Int, of peer: PeerID) {
    _ = change(peer) { lane in
      lane.frames += 1
      lane.bytes += count
    }
  }

  /// Notes that a frame no longer waits. Returns false if it must not be handled, because it is from a link on which
  /// the peer misbehaved.
  func remove(_ count: Int, of peer: PeerID) -> Bool {
    change(peer) { lane in
      lane.frames -= 1
      lane.bytes -= count
      return !lane.isBarred
    } ?? true
  }

  func hasRoom(for peer: PeerID, _ now: Tick) -> Bool {
    change(peer) { lane in
      lane.isRefused = isFull(lane, now)
      return !lane.isRefused
    } ?? true
  }

  private func isFull(_ lane: Lane, _ now: Tick) -> Bool {
    lane.frames >= frames || lane.bytes >= bytes || lane.pausedUntil > now
  }

  /// Has a peer's link not read before `tick`.
  func pause(_ peer: PeerID, until tick: Tick) { _ = change(peer) { $0.pausedUntil = tick } }

  /// Whether there is room again for a peer for which there was none, so that its link must be read again; and when a
  /// pause ends for which this must be asked again.
  func mustResume(_ now: Tick) -> (isDue: Bool, next: Tick?) {
    lanes.withLock { lanes in
      var isDue = false
      var next: Tick?
      for index in lanes.indices where lanes[index].isRefused {
        let until = lanes[index].pausedUntil
        if until > now { next = min(next ?? until, until) }
        guard !isFull(lanes[index], now) else { continue }
        lanes[index].isRefused = false
        isDue = true
      }
      return (isDue, next)
    }
  }

  /// Drops what waits of a peer that misbehaved. Must be called before its link is closed.
  func bar(_ peer: PeerID) { _ = change(peer) { $0.isBarred = true } }

  /// Notes that what follows is from a new link.
  func admit(_ peer: PeerID) { _ = change(peer) { $0.isBarred = false } }
}
