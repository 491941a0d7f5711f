internal import NIOCore
internal import Primitives
internal import Synchronization

/// One listed peer: its queue, its only open link, its dialer and its statistics. May be used from any thread.
final class Peer: Sendable {
  private struct State {
    var description: PeerDescription
    var isRemoved = false
    var link: Link?
    /// How `link` was made.
    var origin: LinkOrigin?
    var dialer: DialerHandle?
    /// Whether the dialer was made for a peer that this node is to dial.
    var isEager = false
    var outbox: Outbox
    var statistics: PeerStatistics
    /// The last different faults, no more than the peer has addresses: if none can be reached, each has its own.
    var faults: [LinkFault] = []
  }

  let id: PeerID
  let name: String
  let conduct: PeerConduct
  /// Whether the peer's link is not read because the replica has no room for its frames.
  var isFull: Bool { full.load(ordering: .sequentiallyConsistent) }
  private let full = Atomic(false)
  private let state: Mutex<State>

  /// - Parameter conduct: that of the same peer when it was listed before; nil if it never was.
  init(_ description: PeerDescription, limits: PeerNetworkLimits, conduct: PeerConduct?) {
    id = description.id
    name = description.name
    self.conduct = conduct ?? PeerConduct(limits)
    state = Mutex(
      State(
        description: description, outbox: Outbox(frameLimit: limits.queueFrames, byteLimit: limits.queueBytes),
        statistics: PeerStatistics(id: description.id, name: description.name)))
  }

  var link: Link? { state.withLock { $0.link } }

  // MARK: The list

  /// What the list says of the peer, or said last.
  var description: PeerDescription { state.withLock { $0.description } }

  /// Whether the peer has left the list. It does not come back: if it is listed again, that is another `Peer`.
  var isRemoved: Bool { state.withLock { $0.isRemoved } }

  /// Takes over what the list says of this peer now. Ends a link with a key that it no longer lists.
  /// - Parameter description: with the same id and name.
  func update(_ description: PeerDescription) {
    let revoked = state.withLock { state -> (link: Link, pin: Digest)? in
      state.description = description
      guard let link = state.link, let pin = state.origin?.pin, !description.pins.contains(pin) else { return nil }
      return (link, pin)
    }
    if let revoked { revoked.link.end(.keyRemoved(pin: revoked.pin)) }
  }

  /// Ends the link and the dialling, because the peer has left the list.
  func remove() {
    let (link, dialer) = state.withLock { state -> (Link?, DialerHandle?) in
      state.isRemoved = true
      defer { state.dialer = nil }
      return (state.link, state.dialer)
    }
    link?.end(.removed)
    dialer?.stop(ending: .removed)
  }

  // MARK: Dialling

  var dialer: DialerHandle? { state.withLock { $0.dialer } }

  /// Begins to dial, at once or with patience, as the list says now.
  /// - Parameter make: makes a dialer that has not begun.
  func adjustDialer(_ make: () -> DialerHandle) {
    let (old, new) = state.withLock { state -> (DialerHandle?, DialerHandle?) in
      guard state.dialer == nil || state.isEager != state.description.isDialled else { return (nil, nil) }
      let old = state.dialer
      state.isEager = state.description.isDialled
      state.dialer = make()
      return (old, state.dialer)
    }
    old?.stop(ending: nil)
    new?.begin()
  }

  func stopDialling() {
    state.withLock { $0.dialer.take() }?.stop(ending: nil)
  }

  // MARK: Sending

  /// Queues frames and returns how many; the others are dropped and counted.
  func enqueue(_ frames: [[UInt8]]) -> Int {
    let (queued, link) = state.withLock { state -> (Int, Link?) in
      guard let link = state.link, !state.isRemoved else {
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

  /// Makes `link` the peer's only link and returns the one that it replaces. Throws `removed` or `keyRemoved` if the
  /// list has changed since the link was begun, and `crossed` if the present link stays.
  /// - Parameter crossing: the age from which a link no longer crosses a new one.
  func attach(_ link: Link, _ origin: LinkOrigin, crossing: TimeAmount) throws(LinkFault) -> Link? {
    try state.withLock { state throws(LinkFault) -> Link? in
      guard !state.isRemoved else { throw .removed }
      guard state.description.pins.contains(origin.pin) else { throw .keyRemoved(pin: origin.pin) }
      if let present = state.origin, present.prevails(over: origin, crossing: crossing) { throw .crossed }
      let replaced = state.link
      state.outbox.clear()
      state.link = link
      state.origin = origin
      state.statistics.connects += 1
      return replaced
    }
  }

  /// Removes `link` and returns when it was opened; nil if another link has replaced it.
  func detach(_ link: Link) -> NIODeadline? {
    state.withLock { state in
      guard state.link === link else { return nil }
      state.outbox.clear()
      state.link = nil
      return state.origin.take()?.openedAt
    }
  }

  // MARK: Back-pressure

  func noteFull() { full.store(true, ordering: .sequentiallyConsistent) }

  /// Reads the link again if it was not read.
  func resumeReading() {
    if full.exchange(false, ordering: .sequentiallyConsistent) { link?.resumeReading() }
  }

  // MARK: Statistics

  func received(frames: Int, bytes: Int) {
    state.withLock { state in
      state.statistics.framesReceived += UInt64(frames)
      state.statistics.bytesReceived += UInt64(bytes)
    }
  }

  /// Keeps the fault for the statistics. Returns whether it differs from the last ones.
  func note(_ fault: LinkFault) -> Bool {
    state.withLock { state in
      state.statistics.lastFault = fault
      guard !state.faults.contains(fault) else { return false }
      state.faults = (state.faults + [fault]).suffix(state.description.addresses.count)
      return true
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
