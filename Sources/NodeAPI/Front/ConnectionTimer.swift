internal import NIOCore
internal import Primitives

/// The innermost handler of a connection: it sees the raw bytes and closes the connection if its client is too slow.
final class ConnectionTimer: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = IOData
  typealias OutboundOut = IOData

  /// What the connection is waiting for.
  enum Phase {
    /// The next request.
    case idle(since: NIODeadline)
    /// The rest of a request's head.
    case head(since: NIODeadline)
    /// The rest of its body.
    case body(Pace)
    /// The node's answer.
    case answer
    /// The client, which is reading the answer.
    case taking(Pace)
    /// The client, which should read the refusal and close. Whatever it sends is dropped.
    case lingering
  }

  private let limits: FrontLimits
  private var phase = Phase.idle(since: .now())
  /// Bytes of the answer that were written; used to determine how many of them the system has sent.
  private var written = 0
  /// Received bytes that have not been passed on yet.
  private var unparsed = ByteBuffer()
  private var isParsing = false
  private var isReadHeld = false
  /// Whether the client has closed its side while bytes that it sent before have not been passed on yet.
  private var isEndHeld = false
  private var hasClientLeft = false
  /// When it became apparent that nobody may want the answer any more.
  private var clientLeft: NIODeadline?
  private var context: ChannelHandlerContext?
  private var tick: Scheduled<Void>?
  /// Called with the error that describes what did not arrive in time.
  var onTimeout: (RequestError) -> Void = { _ in }

  init(_ limits: FrontLimits) { self.limits = limits }

  /// How often the time is checked.
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

  func waitForRequest() { phase = .idle(since: .now()) }

  func waitForBody() { phase = .body(Pace(at: .now())) }

  func received(bodyBytes total: Int) {
    guard case .body(var pace) = phase else { return }
    pace.moved(to: total, at: .now())
    phase = .body(pace)
  }

  func waitForAnswer() {
    written = 0
    clientLeft = hasClientLeft ? .now() : nil
    phase = .answer
  }

  func waitUntilTaken() { phase = .taking(Pace(at: .now())) }

  /// Closes the connection once the client has closed its side, or a little later, so that the client can read the last
  /// answer. Closing before everything that it sent has been read would discard the answer.
  func linger(for time: TimeAmount) {
    guard let context else { return }
    phase = .lingering
    unparsed = ByteBuffer()
    context.close(mode: .output, promise: nil)
    context.read()
    context.eventLoop.assumeIsolated().scheduleTask(in: time) { self.close() }
  }

  // MARK: Bytes

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .lingering = phase { return }
    let bytes = unwrapInboundIn(data)
    // Nothing was asked for: the client has closed its side, and the library reads all that the system still holds, which
    // may be tens of megabytes.
    if isReadHeld, unparsed.readableBytes + bytes.readableBytes > limits.aheadBytes { return close() }
    if unparsed.readableBytes == 0 { unparsed = bytes } else { unparsed.writeImmutableBuffer(bytes) }
    parse()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if case .lingering = phase { context.read() } else { context.fireChannelReadComplete() }
  }

  /// Reads more, unless bytes of later requests are already waiting.
  func read(context: ChannelHandlerContext) {
    if unparsed.readableBytes > 0 { isReadHeld = true } else { context.read() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
    hasClientLeft = true
    switch phase {
    case .lingering: close()
    case .answer: clientLeft = clientLeft ?? .now()
    default: break
    }
    isEndHeld = true
    parse()
  }

  /// Passes on received bytes, a few at a time and only while no request is being answered: what a client sends ahead
  /// stays in the form of bytes, which are much smaller than the requests in them.
  func parse() {
    guard let context, !isParsing else { return }
    isParsing = true
    defer { isParsing = false }
    var hasParsed = false
    while isReading, let slice = unparsed.readSlice(length: min(limits.parsedBytes, unparsed.readableBytes)) {
      guard slice.readableBytes > 0 else { break }
      if case .idle = phase { phase = .head(since: .now()) }
      context.fireChannelRead(wrapInboundOut(slice))
      hasParsed = true
    }
    if hasParsed { context.fireChannelReadComplete() }
    guard unparsed.readableBytes == 0 else { return }
    unparsed = ByteBuffer()
    if isEndHeld {
      isEndHeld = false
      context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }
    guard isReadHeld else { return }
    isReadHeld = false
    context.read()
  }

  /// Whether the client is expected to send.
  private var isReading: Bool {
    switch phase {
    case .idle, .head, .body: true
    case .answer, .taking, .lingering: false
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
    case .lingering: break
    }
  }

  /// Bytes that the system has not sent yet.
  private var buffered: Int? { try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes) }

  func close() { context?.close(promise: nil) }
}
