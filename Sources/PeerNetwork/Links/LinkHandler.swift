internal import NIOCore
internal import NIOTLS
internal import Primitives

/// One connection from its first packet to its last, on its own event loop: TLS, hello, frames, end.
///
/// The accepting side says hello first, and the dialling side answers, even if it does not like what it
/// reads: so both sides learn why they do not belong together, and the dialler has nothing in flight that
/// could make the system drop the TLS alert of a side that refuses its key (attack N5).
final class LinkHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  enum Role {
    case dialling(Peer, Dialer)
    case accepting(Acceptor)
  }

  private enum Stage {
    /// TLS is not done. The peer's key may have been seen, but not proved.
    case securing
    case greeting(Peer)
    case open(Peer)
    case ended
  }

  /// Buffers written before other work of the event loop gets its turn.
  private static let buffersPerTurn = 16

  private let environment: LinkEnvironment
  private let role: Role
  private var stage = Stage.securing
  private var context: ChannelHandlerContext?
  private(set) var link: Link?
  private var remote = "unknown address"

  // What the check of the certificate found.
  private var provenPeer: Peer?
  private var refusal: LinkFault?

  // Reading.
  private var decoder = FrameDecoder(limits: .greeting)
  private var isReadHeld = false

  // Writing.
  private var batch = FrameBatch()
  private var buffer = ByteBuffer()
  private var bytesInFlight = 0
  private var isWriting = false

  // Time.
  private var deadline: Scheduled<Void>?
  private var ticker: Scheduled<Void>?
  private var wroteSinceTick = false
  private var heardSinceTick = false
  private var silentTicks: Int64 = 0

  init(_ environment: LinkEnvironment, role: Role) {
    self.environment = environment
    self.role = role
  }

  private var limits: PeerNetworkLimits { environment.configuration.limits }

  // MARK: Securing

  /// Judges the other side's certificate. That it also has the private key is proved later in the handshake.
  func verify(_ certificate: [UInt8]?) -> Bool {
    do throws(LinkFault) {
      guard let certificate else { throw .unreadableCertificate }
      switch role {
      case .dialling(let peer, _):
        try environment.check(certificate, of: peer)
        provenPeer = peer
      case .accepting:
        provenPeer = try environment.peer(dialling: certificate)
      }
      return true
    } catch {
      refusal = error
      return false
    }
  }

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
    case .accepting(let acceptor): if let link { acceptor.add(link) }
    case .dialling(_, let dialer):
      guard dialer.connected(self) else {
        stage = .ended
        context.close(promise: nil)
        return
      }
    }
    let milliseconds = limits.handshakeMilliseconds
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(milliseconds)) {
      self.end(.handshakeTimedOut(milliseconds: milliseconds))
    }
    context.fireChannelActive()
    if environment.isStopped { end(.stopping) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case TLSUserEvent.handshakeCompleted = event, case .securing = stage {
      guard let peer = provenPeer else {
        // A handshake without a check of the certificate, whatever the reason, proves nothing.
        end(.tlsFailed("no certificate was checked"))
        return
      }
      stage = .greeting(peer)
      if case .accepting(let acceptor) = role, let link {
        acceptor.identified(link, as: peer)
        sayHello(to: peer)
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  // MARK: Hello

  private func sayHello(to peer: Peer) {
    let configuration = environment.configuration
    let hello = Hello(chain: configuration.chain, sender: configuration.ownID, receiver: peer.id)
    writeOwn(hello.bytes)
  }

  private func greeted(_ frame: [UInt8], by peer: Peer) throws(LinkFault) {
    if case .dialling = role { sayHello(to: peer) }
    let configuration = environment.configuration
    try Hello(frame).check(chain: configuration.chain, own: configuration.ownID, peer: peer.id)
    open(peer)
  }

  private func open(_ peer: Peer) {
    // Writing the own hello may have ended the link.
    guard case .greeting = stage, let link else { return }
    deadline?.cancel()
    decoder.limits = environment.configuration.frameLimits.open
    stage = .open(peer)
    scheduleTick()
    let replaced = peer.attach(link)
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
    // What arrives while the link closes is not looked at.
    if case .ended = stage { return }
    heardSinceTick = true
    let input = unwrapInboundIn(data)
    var offset = 0
    var frames: [PeerFrame] = []
    var bytes = 0
    var fault: LinkFault?
    do throws(LinkFault) {
      while let frame = try decoder.next(input.readableBytesSpan, at: &offset) {
        switch stage {
        case .greeting(let peer): try greeted(frame, by: peer)
        case .open(let peer):
          guard frame[0] != FrameKind.keepAlive else { continue }
          bytes += frame.count
          frames.append(PeerFrame(from: peer.id, bytes: frame))
        case .securing, .ended: return
        }
      }
    } catch { fault = error }
    if !frames.isEmpty, case .open(let peer) = stage {
      peer.received(frames: frames.count, bytes: bytes)
      environment.handler.received(frames)
      environment.pauseIfFull()
    }
    if let fault { end(fault) }
  }

  /// Asks the socket for more, unless the replica is full.
  func read(context: ChannelHandlerContext) {
    if case .open = stage, environment.isPaused {
      isReadHeld = true
    } else {
      context.read()
    }
  }

  func resumeReading() {
    guard isReadHeld else { return }
    isReadHeld = false
    context?.read()
  }

  // MARK: Writing

  /// Writes what waits for the peer, as far as the window allows. The rest follows when the system has taken
  /// what is in flight.
  func writeWaiting() {
    guard !isWriting else { return }
    isWriting = true
    defer { isWriting = false }
    var turns = 0
    while case .open(let peer) = stage, let link, let context, bytesInFlight < limits.writeWindowBytes {
      guard turns < Self.buffersPerTurn else {
        link.wake()
        return
      }
      turns += 1
      buffer.clear()
      let part = batch.write(into: &buffer, room: limits.writeWindowBytes - bytesInFlight) { frames in
        peer.take(&frames, for: link)
      }
      let count = buffer.readableBytes
      guard count > 0 else { return }
      bytesInFlight += count
      wroteSinceTick = true
      let promise = context.eventLoop.makePromise(of: Void.self)
      promise.futureResult.assumeIsolated().whenSuccess {
        self.bytesInFlight -= count
        peer.written(frames: part.frames, bytes: part.bytes, by: link)
        self.writeWaiting()
      }
      context.writeAndFlush(wrapOutboundOut(buffer), promise: promise)
    }
  }

  /// Writes a frame of the link's own.
  private func writeOwn(_ frame: [UInt8]) {
    guard let context else { return }
    var buffer = context.channel.allocator.buffer(capacity: FrameKind.lengthBytes + frame.count)
    buffer.writeInteger(UInt32(frame.count), endianness: .little)
    buffer.writeBytes(frame)
    context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
  }

  // MARK: Time

  private func scheduleTick() {
    ticker = context?.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(limits.keepAliveMilliseconds)) {
      self.tick()
    }
  }

  private func tick() {
    guard case .open = stage else { return }
    if isReadHeld, environment.handler.hasRoom { environment.resumeReading() }
    // While this side does not read, it cannot tell whether the other one speaks.
    silentTicks = heardSinceTick || isReadHeld ? 0 : silentTicks + 1
    heardSinceTick = false
    guard silentTicks * limits.keepAliveMilliseconds < limits.silenceMilliseconds else {
      end(.silent(milliseconds: silentTicks * limits.keepAliveMilliseconds))
      return
    }
    if !wroteSinceTick, bytesInFlight == 0, batch.isAtBoundary { writeOwn([FrameKind.keepAlive]) }
    wroteSinceTick = false
    scheduleTick()
  }

  // MARK: The end

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let refusal {
      end(refusal)
    } else if case .securing = stage {
      end(LinkFault(error, secured: false, ownPin: environment.ownPin))
    } else {
      end(truncation ?? LinkFault(error, secured: true, ownPin: environment.ownPin))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    switch stage {
    case .securing: end(refusal ?? .tlsFailed("the other side closed the connection before it began"))
    case .greeting: end(truncation ?? .closedBeforeHello)
    case .open: end(truncation ?? .closedByPeer)
    case .ended: break
    }
    context.fireChannelInactive()
  }

  /// The fault of a stream that ends here, if that is in the middle of a frame.
  private var truncation: LinkFault? {
    decoder.unfinished.map { .truncatedFrame(bytes: $0.bytes, expected: $0.expected) }
  }

  /// Ends the link. The first reason given is the one that counts.
  func end(_ fault: LinkFault) {
    let last = stage
    if case .ended = last { return }
    stage = .ended
    deadline?.cancel()
    ticker?.cancel()
    batch = FrameBatch()

    var peer = provenPeer
    if case .dialling(let dialled, _) = role { peer = dialled }
    // A key that was shown but not yet proved says nothing about the peer it belongs to.
    if case .securing = last, case .accepting = role { peer = nil }
    var wasOpen = false
    if case .open = last { wasOpen = true }
    if let peer {
      environment.journal.peer(peer, fault, wasOpen: wasOpen)
    } else {
      environment.journal.stranger(fault, at: remote)
    }

    if wasOpen, let peer, let link, peer.detach(link) {
      environment.handler.disconnected(peer.id, fault)
    }
    switch role {
    case .accepting(let acceptor): if let link { acceptor.remove(link) }
    case .dialling(_, let dialer): dialer.ended(self)
    }
    context?.close(promise: nil)
  }
}
