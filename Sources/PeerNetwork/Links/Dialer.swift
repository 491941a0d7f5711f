internal import NIOCore
internal import NIOPosix
internal import Primitives

/// Maintains a link to one peer with a higher id: dials, and dials again after a pause. Runs on one event loop.
final class Dialer {
  private let environment: LinkEnvironment
  private let peer: Peer
  private let loop: any EventLoop
  private var backoff: Backoff
  private var pause: Scheduled<Void>?
  private var current: LinkHandler?
  private var openedAt: NIODeadline?

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

  func dial() {
    guard !environment.isStopped else { return }
    let address = peer.description.address
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
        self.environment.journal.peer(self.peer, LinkFault(dialling: address, error), wasOpen: false)
        self.dialLater()
      }
  }

  /// Notes that a connection was made. Returns false for a second connection from the same dial, which can happen if a
  /// host name has several addresses; that connection is closed and forgotten.
  func connected(_ handler: LinkHandler) -> Bool {
    guard current == nil else { return false }
    current = handler
    return true
  }

  func opened() { openedAt = .now() }

  func ended(_ handler: LinkHandler) {
    guard current === handler else { return }
    current = nil
    dialLater()
  }

  /// The pauses start again from the minimum only after a link that lasted: a link that breaks immediately must not be
  /// made many times a second.
  private func dialLater() {
    guard !environment.isStopped else { return }
    let limits = environment.configuration.limits
    if let openedAt, NIODeadline.now() - openedAt >= .milliseconds(limits.backoffMaximumMilliseconds) {
      backoff.reset()
    }
    openedAt = nil
    pause?.cancel()
    let milliseconds = max(backoff.next(), peer.pause ?? 0)
    pause = loop.assumeIsolated().scheduleTask(in: .milliseconds(milliseconds)) { self.dial() }
  }

  func stop() {
    pause?.cancel()
    pause = nil
  }
}
