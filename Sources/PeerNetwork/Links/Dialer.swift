internal import NIOCore
internal import NIOPosix
internal import Primitives

/// Maintains a link to one peer: dials while there is none, and dials again after a pause. Runs on one event loop.
///
/// If the peer dials this node, too, either side's link satisfies both: the dialer waits until that link ends. A peer that
/// is to dial this node is dialled as well if it does not for a moment at the start, or for long later.
final class Dialer {
  private let environment: LinkEnvironment
  private let peer: Peer
  private let loop: any EventLoop
  private var backoff: Backoff
  /// At most one of these three is set. If none is, the dialer waits until a link that it did not make ends.
  private var pause: Scheduled<Void>?
  private var isConnecting = false
  private var current: LinkHandler?
  private var isStopped = false
  private var openedAt: NIODeadline?
  /// How many dials led to no link that lasted; chooses the next address.
  private var failures = 0

  init(_ environment: LinkEnvironment, peer: Peer, loop: any EventLoop) {
    self.environment = environment
    self.peer = peer
    self.loop = loop
    let configuration = environment.configuration
    backoff = Backoff(
      minimumMilliseconds: configuration.limits.backoffMinimumMilliseconds,
      maximumMilliseconds: configuration.limits.backoffMaximumMilliseconds,
      generator: SeededGenerator(seed: configuration.jitterSeed).fork("dial \(peer.id)"))
  }

  /// Dials at once, or a moment later if the peer is to dial this node, unless the peer is in a pause.
  func begin() {
    let milliseconds = max(
      peer.conduct.pause ?? 0, min(patience, environment.configuration.limits.firstPatienceMilliseconds))
    if milliseconds > 0 { dial(after: milliseconds) } else { dial() }
  }

  private var patience: Int64 {
    peer.description.isDialled ? 0 : environment.configuration.limits.patienceMilliseconds
  }

  private func dial(after milliseconds: Int64) {
    pause = loop.assumeIsolated().scheduleTask(in: .milliseconds(milliseconds)) {
      self.pause = nil
      self.dial()
    }
  }

  private func dial() {
    // Whoever ends the peer's link calls `linkEnded`.
    guard !isStopped, !environment.isStopped, peer.link == nil else { return }
    isConnecting = true
    let addresses = peer.description.addresses
    let address = addresses[failures % addresses.count]
    let dialer = NIOLoopBound(self, eventLoop: loop)
    ClientBootstrap(group: loop)
      .connectTimeout(.milliseconds(environment.configuration.limits.handshakeMilliseconds))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          channel.closeOnExec()
          let dialer = dialer.value
          let handler = LinkHandler(dialer.environment, role: .dialling(dialer.peer, dialer))
          let security = try dialer.environment.security.clientHandler { handler.verify($0) }
          try channel.pipeline.syncOperations.addHandlers([security, handler])
        }
      }
      .connect(host: address.host, port: address.port)
      .assumeIsolated()
      .whenFailure { error in
        self.isConnecting = false
        self.environment.journal.peer(self.peer, LinkFault(dialling: address, error), wasOpen: false)
        self.dialLater()
      }
  }

  /// Notes that a connection was made. Returns false for one that is no longer wanted, and for a second connection from
  /// the same dial, which can happen if a host name has several addresses; that connection is closed and forgotten.
  func connected(_ handler: LinkHandler) -> Bool {
    guard isConnecting, !isStopped else { return false }
    isConnecting = false
    current = handler
    return true
  }

  func opened() { openedAt = .now() }

  func ended(_ handler: LinkHandler) {
    guard current === handler else { return }
    current = nil
    dialLater()
  }

  /// Notes that the peer's link has ended. If this dialer made it, it knows already.
  func linkEnded(openedAt: NIODeadline) {
    guard !isStopped, !isConnecting, current == nil, pause == nil else { return }
    self.openedAt = openedAt
    dialLater()
  }

  /// The pauses start again from the minimum only after a link that lasted: a link that breaks immediately must not be
  /// made many times a second. The address of such a link is also tried again first.
  private func dialLater() {
    guard !isStopped, !environment.isStopped else { return }
    let limits = environment.configuration.limits
    if let openedAt, NIODeadline.now() - openedAt >= .milliseconds(limits.backoffMaximumMilliseconds) {
      backoff.reset()
    } else {
      failures += 1
    }
    openedAt = nil
    dial(after: patience + max(backoff.next(), peer.conduct.pause ?? 0))
  }

  /// Ends the dialling, and with `fault` also the connection that it made last.
  func stop(ending fault: LinkFault?) {
    isStopped = true
    pause?.cancel()
    pause = nil
    if let fault { current?.end(fault) }
  }
}
