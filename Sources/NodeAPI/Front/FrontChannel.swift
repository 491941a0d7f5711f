internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import PeerNetwork

/// A connection of the API: that of the HTTP library, with the limits of `FrontLimits` around its requests.
struct FrontChannel: ServerChildChannel {
  let http: HTTP1Channel
  let check: HeadCheck
  let limits: FrontLimits
  let register: ConnectionRegister

  init(
    responder: @escaping HTTPChannelHandler.Responder, check: HeadCheck, limits: FrontLimits,
    register: ConnectionRegister
  ) {
    http = HTTP1Channel(
      responder: responder,
      configuration: HTTP1Channel.Configuration(
        httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
          maxHeaderFieldSize: limits.headBytes, maxHeaderListSize: limits.headBytes,
          maxHeaderFieldCount: limits.headFields)))
    self.check = check
    self.limits = limits
    self.register = register
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
    http.setup(channel: channel, logger: logger).flatMapThrowing { value in
      channel.closeOnExec()
      let admission: Result<ConnectionRegister.Identity, RequestError>
      do throws(RequestError) {
        admission = .success(try register.open(channel, from: ClientAddress(channel.remoteAddress)))
      } catch {
        admission = .failure(error)
      }
      let timer = ConnectionTimer(limits)
      var check = check
      // At other addresses the operator decides which names lead here.
      if check.hosts?.areChecked == false, !ClientAddress(channel.localAddress).isLoopback { check.hosts = nil }
      let gate = RequestGate(check, limits: limits, register: register, timer: timer, admission: admission)
      try channel.syncOptions?.setOption(
        .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: limits.readBytes))
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandler(timer, position: .first)
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
      try pipeline.addHandler(gate, position: .after(decoder))
      return value
    }
  }

  /// Handles a connection. All work for the connection ends with it.
  func handle(value: HTTP1Channel.Value, logger: Logger) async {
    await withTaskGroup { group in
      group.addTask { await http.handle(value: value, logger: logger) }
      group.addTask { try? await value.channel.closeFuture.get() }
      await group.next()
      group.cancelAll()
    }
  }
}
