internal import DequeModule
internal import Hummingbird
internal import LedgerJSON
internal import NIOCore
internal import NIOHTTP1
internal import Node
internal import Primitives

/// Passes requests to the routes one at a time, each once it is complete, and refuses those that no route needs to see.
///
/// An incomplete request therefore occupies only its connection, and every refusal is a uniform error answer.
final class RequestGate: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// What part of a request is being read.
  private enum Reading {
    case nothing
    case body(of: HTTPRequestHead)
    /// The end of a refused request that has no body.
    case end
  }

  /// What arrived while the previous request was being answered.
  private enum Pending {
    case part(HTTPServerRequestPart)
    case failure(any Error)
    case inputClosed
  }

  private let check: HeadCheck
  private let limits: FrontLimits
  private let register: ConnectionRegister
  private let timer: ConnectionTimer
  private let admission: Result<ConnectionRegister.Identity, RequestError>
  private var context: ChannelHandlerContext?
  private var reading = Reading.nothing
  private var body = ByteBuffer()
  private var pending: Deque<Pending> = []
  private var isAnswering = false
  /// Whether the answer has no body, no matter what the route writes.
  private var isHead = false
  /// Whether an answer of the gate has replaced the one that the route writes.
  private var isReplaced = false
  private var closesAfterAnswer = false
  /// Whether bytes of the request were left unread, so that the connection cannot accept another request.
  private var isOver = false
  private var isTakingPending = false

  init(
    _ check: HeadCheck, limits: FrontLimits, register: ConnectionRegister, timer: ConnectionTimer,
    admission: Result<ConnectionRegister.Identity, RequestError>
  ) {
    self.check = check
    self.limits = limits
    self.register = register
    self.timer = timer
    self.admission = admission
  }

  private var identity: ConnectionRegister.Identity? { try? admission.get() }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    timer.onTimeout = { [weak self] in self?.refuse($0) }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    identity.map(register.close)
  }

  func channelActive(context: ChannelHandlerContext) {
    context.fireChannelActive()
    if case .failure(let error) = admission { refuse(error) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    identity.map(register.close)
    context.fireChannelInactive()
  }

  // MARK: Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { receive(.part(unwrapInboundIn(data))) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { receive(.failure(error)) }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case ChannelEvent.inputClosed: receive(.inputClosed)
    case is ChannelShouldQuiesceEvent: stop(context)
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  private func receive(_ next: Pending) {
    guard !isOver else { return }
    guard !isAnswering else { return pending.append(next) }
    switch next {
    case .part(.head(let head)): begin(head)
    case .part(.body(let bytes)): add(bytes)
    case .part(.end): finish()
    case .failure(let error):
      guard let error = error as? HTTPParserError else { return timer.close() }
      refuse(RequestError(error, limits))
    case .inputClosed:
      if case .body = reading { refuse(.broken) } else { timer.close() }
    }
  }

  private func begin(_ head: HTTPRequestHead) {
    isHead = head.method == .HEAD
    // The parser does not continue after a request for another protocol.
    let isLast = head.method == .CONNECT || head.headers.contains(name: "upgrade")
    closesAfterAnswer = closesAfterAnswer || isLast || !head.isKeepAlive || head.version.minor < 1
    do throws(RequestError) {
      let expectation = try check.check(head)
      reading = .body(of: head)
      timer.waitForBody()
      if expectation.waitsForContinue, expectation.hasBody { writeContinue(head.version) }
    } catch {
      // An unwanted body is not read, and an ambiguous request ends the connection.
      guard error.status == .notFound || error.status == .methodNotAllowed, !Self.hasBody(head) else {
        return refuse(error)
      }
      reading = .end
      answer(error)
    }
  }

  private static func hasBody(_ head: HTTPRequestHead) -> Bool {
    head.headers.contains(name: "transfer-encoding") || (head.headers.first(name: "content-length") ?? "0") != "0"
  }

  private func add(_ bytes: ByteBuffer) {
    guard case .body = reading, let identity else { return }
    let total = body.readableBytes + bytes.readableBytes
    guard total <= limits.bodyBytes else { return refuse(.tooLarge(total, limit: limits.bodyBytes)) }
    guard register.hold(bytes.readableBytes, for: identity) else {
      return refuse(
        .busy("the node has no room for the body: requests and answers fill \(limits.memory) bytes", limits))
    }
    body.writeImmutableBuffer(bytes)
    timer.received(bodyBytes: total)
  }

  /// Passes the complete request on.
  private func finish() {
    guard let context, case .body(let head) = reading, let identity else {
      reading = .nothing
      return
    }
    reading = .nothing
    isAnswering = true
    timer.waitForAnswer()
    register.work(identity)
    let body = self.body
    self.body = ByteBuffer()
    context.fireChannelRead(wrapInboundOut(.head(head)))
    if body.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(.body(body))) }
    context.fireChannelRead(wrapInboundOut(.end(nil)))
  }

  // MARK: Answers of the routes

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head): writeHead(head, context, promise)
    case .body: if isHead || isReplaced { promise?.succeed() } else { context.write(data, promise: promise) }
    case .end: if isReplaced { promise?.succeed() } else { writeEnd(context, promise) }
    }
  }

  private func writeHead(_ head: HTTPResponseHead, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?)
  {
    isReplaced = false
    let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    if !isHead, length > limits.smallAnswerBytes, let identity, !register.hold(length, for: identity) {
      isReplaced = true
      promise?.succeed()
      return answer(
        .busy("the node has no room for the answer: requests and answers fill \(limits.memory) bytes", limits))
    }
    var head = head
    if closesAfterAnswer { head.headers.replaceOrAdd(name: "connection", value: "close") }
    context.write(wrapOutboundOut(.head(head)), promise: promise)
  }

  private func writeEnd(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
    let sent = context.eventLoop.makePromise(of: Void.self)
    sent.futureResult.assumeIsolated().whenComplete { self.answered($0) }
    sent.futureResult.cascade(to: promise)
    timer.waitUntilTaken()
    context.write(wrapOutboundOut(.end(nil)), promise: sent)
  }

  /// Called when the system has sent the whole answer.
  private func answered(_ result: Result<Void, any Error>) {
    guard case .success = result, let context, context.channel.isActive else { return timer.close() }
    guard let identity else { return timer.linger(for: limits.crowdedLingeringTime) }
    register.release(identity)
    register.wait(identity)
    guard !closesAfterAnswer else { return timer.linger(for: limits.lingeringTime) }
    isAnswering = false
    isHead = false
    timer.waitForRequest()
    takePending(context)
  }

  /// Handles what arrived while the last request was being answered. A refusal may be answered before this method
  /// returns; the loop then continues.
  private func takePending(_ context: ChannelHandlerContext) {
    guard !isTakingPending else { return }
    isTakingPending = true
    var hasTaken = false
    while !isAnswering, !isOver, let next = pending.popFirst() {
      receive(next)
      hasTaken = true
    }
    isTakingPending = false
    if hasTaken { context.fireChannelReadComplete() }
    if !isAnswering { timer.parse() }
  }

  // MARK: Answers of the gate

  private func writeContinue(_ version: HTTPVersion) {
    guard let context else { return }
    context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: version, status: .continue))), promise: nil)
  }

  /// Answers with an error, and accepts nothing more from this connection.
  private func refuse(_ error: RequestError) {
    guard !isOver else { return }
    isOver = true
    closesAfterAnswer = true
    pending.removeAll()
    body = ByteBuffer()
    identity.map(register.release)
    answer(error)
  }

  private func answer(_ error: RequestError) {
    guard let context, let bytes = try? AnswerCoding.encode(ErrorBody(error.detail)) else { return timer.close() }
    isAnswering = true
    var headers: HTTPHeaders = [
      "content-type": "application/json; charset=utf-8", "content-length": "\(bytes.count)", "server": "roadbed",
    ]
    if let seconds = error.retryAfter { headers.add(name: "retry-after", value: "\(seconds)") }
    if let allow = error.allow { headers.add(name: "allow", value: allow) }
    if closesAfterAnswer { headers.add(name: "connection", value: "close") }
    timer.waitForAnswer()
    let status = HTTPResponseStatus(statusCode: error.status.code, reasonPhrase: error.status.reasonPhrase)
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    if !isHead { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil) }
    writeEnd(context, nil)
    context.flush()
  }

  // MARK: Stopping

  /// Stops the connection with the node: a request that is being answered still gets its answer, an incomplete one is
  /// refused.
  private func stop(_ context: ChannelHandlerContext) {
    let timer = timer
    context.eventLoop.assumeIsolated().scheduleTask(in: limits.drainTime) { timer.close() }
    closesAfterAnswer = true
    if isAnswering { return }
    if case .body = reading { refuse(.stopping) } else { timer.close() }
  }
}
