internal import NIOCore
internal import Primitives
internal import Synchronization

/// One known peer: its queue, its only open link and its statistics. May be used from any thread.
final class Peer: Sendable {
  private struct State {
    var link: Link?
    var outbox: Outbox
    var statistics: PeerStatistics
    var penalty: Penalty
    var linkBudget: LinkBudget
    var instances = InstanceHistory()
  }

  let description: PeerDescription
  /// Whether the peer's link is not read because the replica has no room for its frames.
  var isFull: Bool { full.load(ordering: .sequentiallyConsistent) }
  private let full = Atomic(false)
  private let state: Mutex<State>

  var id: PeerID { description.id }

  init(_ description: PeerDescription, limits: PeerNetworkLimits) {
    self.description = description
    state = Mutex(
      State(
        outbox: Outbox(frameLimit: limits.queueFrames, byteLimit: limits.queueBytes),
        statistics: PeerStatistics(id: description.id, name: description.name), penalty: Penalty(limits),
        linkBudget: LinkBudget(limits)))
  }

  var link: Link? { state.withLock { $0.link } }

  // MARK: Sending

  /// Queues frames and returns how many; the others are dropped and counted.
  func enqueue(_ frames: [[UInt8]]) -> Int {
    let (queued, link) = state.withLock { state -> (Int, Link?) in
      guard let link = state.link else {
        for frame in frames { state.outbox.drop(frame) }
        return (0, nil)
      }
      var queued = 0
      for frame in frames where state.outbox.append(frame) { queued += 1 }
      return (queued, state.outbox.mustWake() ? link : nil)
    }
    link?.wake()
    return queued
  }

  func drop(_ frame: [UInt8]) {
    state.withLock { $0.outbox.drop(frame) }
  }

  /// Moves the waiting frames into `frames` for `link` to write. Returns false if nothing waits or if the link is no
  /// longer the peer's.
  func removeWaiting(into frames: inout [[UInt8]], for link: Link) -> Bool {
    state.withLock { state in
      guard state.link === link else { return false }
      return state.outbox.removeWaiting(into: &frames)
    }
  }

  /// Notes that the system has accepted `bytes` bytes of frames from `link`, which completes `frames` of them.
  func written(frames: Int, bytes: Int, by link: Link) {
    state.withLock { state in
      guard state.link === link else { return }
      state.outbox.written(frames: frames, bytes: bytes)
      state.statistics.framesSent += UInt64(frames)
      state.statistics.bytesSent += UInt64(bytes)
    }
  }

  // MARK: Links

  /// Makes `link` the peer's only link and returns the one that it replaces.
  func attach(_ link: Link) -> Link? {
    state.withLock { state in
      let replaced = state.link
      state.outbox.clear()
      state.link = link
      state.statistics.connects += 1
      return replaced
    }
  }

  /// Removes `link`. Returns false if another link has replaced it.
  func detach(_ link: Link) -> Bool {
    state.withLock { state in
      guard state.link === link else { return false }
      state.outbox.clear()
      state.link = nil
      return true
    }
  }

  /// Notes the instance of a link. Returns whether it proves that two processes use the peer's key.
  func note(instance: UInt64) -> Bool { state.withLock { $0.instances.note(instance) } }

  /// The peer's instances that were seen beside another one.
  var doubledInstances: [UInt64] { state.withLock { $0.instances.doubled } }

  // MARK: Back-pressure

  func noteFull() { full.store(true, ordering: .sequentiallyConsistent) }

  /// Reads the link again if it was not read.
  func resumeReading() {
    if full.exchange(false, ordering: .sequentiallyConsistent) { link?.resumeReading() }
  }

  // MARK: Misbehaviour

  /// Notes that the peer sent something that no honest peer sends.
  func punish() { state.withLock { $0.penalty.punish(at: .now()) } }

  /// For how many milliseconds more there shall be no link because the peer misbehaved; nil if there may be one.
  var pause: Int64? { state.withLock { $0.penalty.pause(at: .now()) } }

  /// Counts a link that the peer dialled, now that it has proved its key. Returns why it is not taken, if it is not.
  func takeLink() -> LinkFault? {
    state.withLock { state in
      let now = NIODeadline.now()
      guard !state.linkBudget.take(at: now) else { return nil }
      return .tooManyLinks(milliseconds: state.linkBudget.pause(at: now) ?? 1)
    }
  }

  /// Why no link is taken that the peer dials now; nil if one is.
  var refusal: LinkFault? {
    state.withLock { state in
      let now = NIODeadline.now()
      if let milliseconds = state.penalty.pause(at: now) { return .paused(milliseconds: milliseconds) }
      return state.linkBudget.pause(at: now).map { .tooManyLinks(milliseconds: $0) }
    }
  }

  // MARK: Statistics

  func received(frames: Int, bytes: Int) {
    state.withLock { state in
      state.statistics.framesReceived += UInt64(frames)
      state.statistics.bytesReceived += UInt64(bytes)
    }
  }

  /// Keeps the fault for the statistics. Returns whether it differs from the last one.
  func note(_ fault: LinkFault) -> Bool {
    state.withLock { state in
      let isNew = state.statistics.lastFault != fault
      state.statistics.lastFault = fault
      return isNew
    }
  }

  var statistics: PeerStatistics {
    state.withLock { state in
      var statistics = state.statistics
      statistics.isConnected = state.link != nil
      statistics.framesDropped = state.outbox.framesDropped
      statistics.bytesDropped = state.outbox.bytesDropped
      statistics.framesQueued = state.outbox.frames
      statistics.bytesQueued = state.outbox.bytes
      return statistics
    }
  }
}
