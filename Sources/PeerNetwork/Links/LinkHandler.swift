internal import NIOCore
internal import NIOTLS
internal import Primitives

/// One connection from its first packet to its last, on its own event loop. Each concern is a separate machine:
/// `LinkHandshake` (TLS and hello), `InboundFrames`, `ReadGate` and `WriteWindow` (flow control), `KeepAlive`. This
/// handler only passes the channel's events to them and acts on their answers.
///
/// The accepting side sends its hello first, and the dialling side answers even if it rejects what it reads. Both sides
/// thus learn why they do not belong together, and the dialling side has nothing in flight that could make the system
/// drop the TLS alert of a side that refuses its key (attack N5).
final class LinkHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  enum Role {
    case dialling(Peer, Dialer)
    case accepting(Acceptor)

    fileprivate var side: LinkHandshake.Side {
      switch self {
      case .dialling(let peer, _): .dialling(peer)
      case .accepting: .accepting
      }
    }

    fileprivate var isDialling: Bool { if case .dialling = self { true } else { false } }
  }

  private let environment: LinkEnvironment
  private let role: Role
  private var context: ChannelHandlerContext?
  private var link: Link?
  private var remote = "unknown address"

  private var handshake: LinkHandshake
  private var inbound = InboundFrames()
  private var gate = ReadGate()
  private var window: WriteWindow
  private var keepAlive: KeepAlive

  private var deadline: Scheduled<Void>?
  private var ticker: Scheduled<Void>?

  init(_ environment: LinkEnvironment, role: Role) {
    self.environment = environment
    self.role = role
    let limits = environment.configuration.limits
    handshake = LinkHandshake(environment, side: role.side)
    window = WriteWindow(limit: limits.writeWindowBytes)
    keepAlive = KeepAlive(limits)
  }

  // MARK: TLS and hello

  /// Checks the other side's certificate; false refuses it.
  func verify(_ certificate: [UInt8]?) -> Bool { handshake.receive(certificate: certificate) }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    link = Link(channel: context.channel, handler: self)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    link = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    remote = context.remoteAddress.map { "\($0)" } ?? remote
    switch role {
    case .accepting(let acceptor): if let link { acceptor.add(link, from: context.remoteAddress) }
    case .dialling(_, let dialer):
      guard dialer.connected(self) else {
        _ = handshake.end()
        context.close(promise: nil)
        return
      }
    }
    let milliseconds = environment.configuration.limits.handshakeMilliseconds
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(milliseconds)) {
      self.end(.handshakeTimedOut(milliseconds: milliseconds))
    }
    context.fireChannelActive()
    if environment.isStopped { end(.stopping) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case TLSUserEvent.handshakeCompleted = event {
      do throws(LinkFault) {
        if let peer = try handshake.completeTLS() { secured(by: peer) }
      } catch {
        end(error)
        return
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func secured(by peer: Peer) {
    guard case .accepting(let acceptor) = role, let link else { return }
    if let refusal = peer.isRemoved ? .removed : peer.conduct.takeLink() {
      end(refusal)
      return
    }
    acceptor.identified(link, as: peer, at: context?.remoteAddress)
    writeOwn(handshake.hello(to: peer))
  }

  private func receive(hello: [UInt8], of peer: Peer) throws(LinkFault) {
    if case .dialling = role { writeOwn(handshake.hello(to: peer)) }
    // The link is nil if writing this side's hello has ended the connection.
    guard let (peer, hello) = try handshake.receive(hello: hello), let link, let pin = handshake.shownPin else {
      return
    }
    let isTwice = peer.conduct.note(instance: hello.instance)
    try open(
      link, to: peer,
      LinkOrigin(
        isDialled: role.isDialling, ownPin: environment.ownPin, pin: pin, instance: hello.instance, openedAt: .now()))
    if isTwice { environment.handler.foundTwice(peer.id) }
    if hello.doubled.contains(environment.configuration.instance) { environment.handler.wasFoundTwice(by: peer.id) }
  }

  private func open(_ link: Link, to peer: Peer, _ origin: LinkOrigin) throws(LinkFault) {
    // The peer may have misbehaved on another link in the meantime.
    if let milliseconds = peer.conduct.pause { throw .paused(milliseconds: milliseconds) }
    let crossing = TimeAmount.milliseconds(environment.configuration.limits.crossingMilliseconds)
    let replaced = try peer.attach(link, origin, crossing: crossing)
    deadline?.cancel()
    inbound.open(environment.configuration.frameLimits)
    scheduleTick()
    switch role {
    case .accepting(let acceptor): acceptor.remove(link)
    case .dialling(_, let dialer): dialer.opened()
    }
    if let replaced {
      replaced.end(.replaced)
      environment.handler.disconnected(peer.id, .replaced)
    }
    environment.journal.opened(peer)
    environment.handler.connected(peer.id)
  }

  // MARK: Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Ignore what arrives while the link is closing.
    if handshake.isEnded { return }
    // Nothing was asked for: the other side has closed the connection, and the library reads all that the system still
    // holds, which may be tens of megabytes.
    if gate.isHeld {
      end(.closedByPeer)
      return
    }
    keepAlive.heard()
    let input = unwrapInboundIn(data)
    var offset = 0
    if case .greeting(let peer) = handshake.stage {
      do throws(LinkFault) {
        guard let hello = try inbound.hello(in: input.readableBytesSpan, at: &offset) else { return }
        try receive(hello: hello, of: peer)
      } catch {
        end(error)
        return
      }
    }
    guard let peer = handshake.openPeer else { return }
    let batch = inbound.receive(input.readableBytesSpan, at: &offset, from: peer.id)
    if !batch.frames.isEmpty {
      peer.received(frames: batch.frames.count, bytes: batch.byteCount)
      environment.handler.received(batch.frames)
      environment.pauseIfFull(peer)
    }
    if let fault = batch.fault { end(fault) }
  }

  /// Asks the socket for more unless the replica is full.
  func read(context: ChannelHandlerContext) {
    let isFull = handshake.openPeer?.isFull ?? false
    if gate.admit(isOpen: handshake.openPeer != nil, isFull: isFull) { context.read() }
  }

  func resumeReading() {
    if gate.release() { context?.read() }
  }

  // MARK: Writing

  /// Writes the frames that wait for the peer, as far as the window allows. The rest follows when the system has
  /// accepted what is in flight.
  func writeWaiting() {
    guard window.beginTurn() else { return }
    defer { window.endTurn() }
    while let peer = handshake.openPeer, let link, let context {
      switch window.next(refill: { peer.removeWaiting(into: &$0, for: link) }) {
      case .write(let buffer, let part): write(buffer, part, to: peer, on: link, context)
      case .yield:
        link.wake()
        return
      case .pause: return
      }
    }
  }

  private func write(
    _ buffer: ByteBuffer, _ part: WriteWindow.Part, to peer: Peer, on link: Link, _ context: ChannelHandlerContext
  ) {
    keepAlive.wrote()
    let byteCount = buffer.readableBytes
    let promise = context.eventLoop.makePromise(of: Void.self)
    promise.futureResult.assumeIsolated().whenSuccess {
      self.window.written(byteCount)
      peer.written(frames: part.frames, bytes: part.bytes, by: link)
      self.writeWaiting()
    }
    context.writeAndFlush(wrapOutboundOut(buffer), promise: promise)
  }

  /// Writes one of the link's own frames.
  private func writeOwn(_ frame: [UInt8]) {
    guard let context else { return }
    var buffer = context.channel.allocator.buffer(capacity: FrameKind.lengthBytes + frame.count)
    buffer.writeInteger(UInt32(frame.count), endianness: .little)
    buffer.writeBytes(frame)
    context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
  }

  // MARK: Time

  private func scheduleTick() {
    ticker = context?.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(keepAlive.tickMilliseconds)) {
      self.tick()
    }
  }

  private func tick() {
    guard handshake.openPeer != nil else { return }
    if gate.isHeld { environment.resumeReading() }
    switch keepAlive.tick(isReadHeld: gate.isHeld, canSpeak: window.isIdle) {
    case .wait: break
    case .speak: writeOwn([FrameKind.keepAlive])
    case .end(let fault):
      end(fault)
      return
    }
    scheduleTick()
  }

  // MARK: The end

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end(handshake.fault(for: error, truncation: inbound.truncation))
  }

  func channelInactive(context: ChannelHandlerContext) {
    if let fault = handshake.faultWhenClosed(truncation: inbound.truncation) { end(fault) }
    context.fireChannelInactive()
  }

  /// Ends the link. Only the first reason given counts.
  func end(_ fault: LinkFault) {
    guard let (peer, wasOpen) = handshake.end() else { return }
    deadline?.cancel()
    ticker?.cancel()
    window.removeAll()
    if let peer {
      if fault.isMalformed { peer.conduct.punish() }
      environment.journal.peer(peer, fault, wasOpen: wasOpen)
    } else {
      environment.journal.stranger(fault, at: remote)
    }
    if wasOpen, let peer, let link, let openedAt = peer.detach(link) {
      environment.handler.disconnected(peer.id, fault)
      peer.dialer?.linkEnded(openedAt: openedAt)
    }
    switch role {
    case .accepting(let acceptor): if let link { acceptor.remove(link) }
    case .dialling(_, let dialer): dialer.ended(self)
    }
    context?.close(promise: nil)
  }
}
