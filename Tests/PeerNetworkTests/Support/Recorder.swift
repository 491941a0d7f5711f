internal import PeerNetwork
internal import Primitives
internal import Synchronization

/// A handler that records its calls and can report that it is full.
final class Recorder: PeerNetworkHandler {
  private struct State {
    var frames: [PeerFrame] = []
    var connected: [PeerID] = []
    var disconnected: [(peer: PeerID, reason: LinkFault)] = []
    var full: Set<PeerID> = []
    var foundTwice: [PeerID] = []
    var foundTwiceBy: [PeerID] = []
  }

  private let state = Mutex(State())

  func received(_ frames: [PeerFrame]) { state.withLock { $0.frames += frames } }
  func connected(_ peer: PeerID) { state.withLock { $0.connected.append(peer) } }
  func disconnected(_ peer: PeerID, _ reason: LinkFault) {
    state.withLock { $0.disconnected.append((peer, reason)) }
  }

  func foundTwice(_ peer: PeerID) { state.withLock { $0.foundTwice.append(peer) } }
  func wasFoundTwice(by peer: PeerID) { state.withLock { $0.foundTwiceBy.append(peer) } }

  func hasRoom(for peer: PeerID) -> Bool { state.withLock { !$0.full.contains(peer) } }
  func setRoom(_ hasRoom: Bool, for peer: Int) {
    let peer = PeerID(UInt16(peer))
    state.withLock { state in
      if hasRoom { state.full.remove(peer) } else { state.full.insert(peer) }
    }
  }

  var frames: [PeerFrame] { state.withLock { $0.frames } }
  var connects: [PeerID] { state.withLock { $0.connected } }
  var disconnects: [(peer: PeerID, reason: LinkFault)] { state.withLock { $0.disconnected } }
  /// The peers whose keys two processes use, and the peers that say so of this node's key.
  var foundTwice: [PeerID] { state.withLock { $0.foundTwice } }
  var foundTwiceBy: [PeerID] { state.withLock { $0.foundTwiceBy } }
  func frames(from peer: Int) -> [[UInt8]] { frames.filter { $0.from.rawValue == peer }.map(\.bytes) }
}

/// Waits until `condition` holds; false if it does not within ten minutes.
func eventually(_ condition: () -> Bool) async -> Bool {
  for _ in 0..<120_000 {
    if condition() { return true }
    try? await Task.sleep(for: .milliseconds(5))
  }
  return condition()
}
