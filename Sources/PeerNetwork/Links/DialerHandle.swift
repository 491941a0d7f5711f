internal import NIOCore

/// A handle on a peer's dialer for use outside the dialer's own event loop.
struct DialerHandle: Sendable {
  private let environment: LinkEnvironment
  private let peer: Peer
  private let dialer: NIOLoopBoundBox<Dialer?>

  /// A dialer on `loop`, which waits for `begin`.
  init(_ environment: LinkEnvironment, peer: Peer, loop: any EventLoop) {
    self.environment = environment
    self.peer = peer
    dialer = .makeEmptyBox(eventLoop: loop)
  }

  func begin() {
    dialer.eventLoop.execute {
      let new = Dialer(environment, peer: peer, loop: dialer.eventLoop)
      dialer.value = new
      new.begin()
    }
  }

  /// Tells the dialer that the peer's link has ended, whoever dialled it.
  /// - Parameter openedAt: when the link was opened.
  func linkEnded(openedAt: NIODeadline) {
    guard !environment.isStopped else { return }
    dialer.eventLoop.execute { dialer.value?.linkEnded(openedAt: openedAt) }
  }

  /// Ends the dialling. An open link stays, and a dial under way may still become one, unless there is a fault to end
  /// both with.
  func stop(ending fault: LinkFault?) {
    dialer.eventLoop.execute { dialer.value?.stop(ending: fault) }
  }
}
