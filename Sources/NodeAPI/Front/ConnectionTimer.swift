internal import NIOCore
internal import Primitives

/// The innermost handler of a connection: sees its bytes, and ends what takes its client too long.
final class ConnectionTimer: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = IOData
  typealias OutboundOut = IOData

  /// What the connection waits for.
  enum Phase {
    /// The next request.
    case idle(since: NIODeadline)
    /// The rest of a request's head.
    case head(since: NIODeadline)
    /// The rest of its body.
    case body(Pace)
    /// The node's answer.
    case answer
    /// The client, which takes the answer.
    case taking(Pace)
    /// The client, which is to read the refusal and close. What it sends is dropped.
    case lingering(since: NIODeadline)
  }

  private let limits: FrontLimits
  private var phase = Phase.idle(since: .now())
  /// Bytes of the answer that were written, to know how many of them the system has taken.
  private var written = 0
  private var clientLeft: NIODeadline?
  private var context: ChannelHandlerContext?
  private var tick: Scheduled<Void>?
  /// Told what did not arrive in time.
  var onTimeout: (RequestError) -> Void = { _ in }

  init(_ limits: FrontLimits) { self.limits = limits }

  /// How often it is looked at the time.
  private var interval: TimeAmount { min(.seconds(1), .nanoseconds(limits.requestTimeout.nanoseconds / 4)) }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    scheduleTick()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    tick?.cancel()
    self.context = nil
    onTimeout = { _ in }
  }

  // MARK: Phases

  func waitForRequest() {
    clientLeft = nil
    phase = .idle(since: .now())
  }

  func waitForBody() { phase = .body(Pace(at: .now())) }

  func received(bodyBytes total: Int) {
    guard case .body(var pace) = phase else { return }
    pace.moved(to: total, at: .now())
    phase = .body(pace)
  }

  func waitForAnswer() {
    written = 0
    phase = .answer
  }

  func waitUntilTaken() { phase = .taking(Pace(at: .now())) }

  /// Closes once the client has, or a little later, so that it gets to read the last answer: a close before all that it
  /// sent is read would take the answer back.
  func linger() {
    guard let context else { return }
    phase = .lingering(since: .now())
    context.close(mode: .output, promise: nil)
    context.read()
  }

  /// The client has closed its side while the node works for it.
  func clientHasLeft() { clientLeft = clientLeft ?? .now() }

  // MARK: Bytes

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch phase {
    case .lingering: return
    case .idle: phase = .head(since: .now())
    case .head, .body, .answer, .taking: break
    }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if case .lingering = phase { context.read() } else { context.fireChannelReadComplete() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .lingering = phase, case ChannelEvent.inputClosed = event {
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    written += unwrapOutboundIn(data).readableBytes
    context.write(data, promise: promise)
  }

  // MARK: Time

  private func scheduleTick() {
    tick = context?.eventLoop.assumeIsolated().scheduleTask(in: interval) {
      self.check(.now())
      if self.context?.channel.isActive ?? false { self.scheduleTick() }
    }
  }

  private func check(_ now: NIODeadline) {
    let timeout = limits.requestTimeout
    switch phase {
    case .idle(let since): if now >= since + limits.idleTimeout { close() }
    case .head(let since): if now >= since + timeout { onTimeout(.timeout("head", limits)) }
    case .body(let pace):
      if now >= pace.deadline(pause: timeout, bytesPerSecond: limits.bytesPerSecond) {
        onTimeout(.timeout("body", limits))
      }
    case .answer: if let clientLeft, now >= clientLeft + limits.abandonedTime { close() }
    case .taking(var pace):
      pace.moved(to: written - (buffered ?? 0), at: now)
      phase = .taking(pace)
      if now >= pace.deadline(pause: timeout, bytesPerSecond: limits.bytesPerSecond) { close() }
    case .lingering(let since): if now >= since + limits.lingeringTime { close() }
    }
  }

  /// Bytes that the system has not taken yet.
  private var buffered: Int? { try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes) }

  func close() { context?.close(promise: nil) }
}
