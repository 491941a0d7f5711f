internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS
internal import Synchronization

/// A connection to a node that follows no rules: it sends and receives bytes over TCP or TLS.
final class RawPeer: Sendable {
  private struct State {
    var received: [UInt8] = []
    var isSecured = false
    var isClosed = false
    var errors: [String] = []
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    let state: RawPeer.Box
    init(_ state: RawPeer.Box) { self.state = state }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let bytes = Array(unwrapInboundIn(data).readableBytesView)
      state.value.withLock { $0.received += bytes }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case TLSUserEvent.handshakeCompleted = event { state.value.withLock { $0.isSecured = true } }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      state.value.withLock { $0.errors.append("\(error)") }
    }

    func channelInactive(context: ChannelHandlerContext) { state.value.withLock { $0.isClosed = true } }
  }

  private final class Box: Sendable {
    let value = Mutex(State())
  }

  private let channel: any Channel
  private let box: Box

  private init(channel: any Channel, box: Box) {
    self.channel = channel
    self.box = box
  }

  /// Connects over plain TCP.
  /// - Parameter address: the own address of the connection.
  static func connect(port: Int, from address: String = "127.0.0.1") async throws -> RawPeer {
    try await connect(port: port, from: address, tls: nil)
  }

  /// Connects over TLS with the certificate of `identity`, or with none.
  static func secure(port: Int, identity: TestIdentity?, version: TLSVersion = .tlsv13) async throws -> RawPeer {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = version
    configuration.maximumTLSVersion = version
    configuration.certificateVerification = .none
    configuration.shutdownTimeout = .milliseconds(100)
    if let identity {
      configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(identity.certificatePEM).map {
        .certificate($0)
      }
      configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: identity.privateKeyPEM, format: .pem))
    }
    return try await connect(port: port, from: "127.0.0.1", tls: try NIOSSLContext(configuration: configuration))
  }

  private static func connect(port: Int, from address: String, tls: NIOSSLContext?) async throws -> RawPeer {
    let box = Box()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(to: try SocketAddress(ipAddress: address, port: 0))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: nil))
          }
          try channel.pipeline.syncOperations.addHandler(Handler(box))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    return RawPeer(channel: channel, box: box)
  }

  /// Writes bytes. It is not a failure if the other side has closed the connection by then.
  func write(_ bytes: [UInt8]) async {
    try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
  }

  func setReading(_ isReading: Bool) async throws {
    try await channel.setOption(ChannelOptions.autoRead, value: isReading).get()
  }

  func close() async { try? await channel.close().get() }

  var received: [UInt8] { box.value.withLock { $0.received } }
  var isSecured: Bool { box.value.withLock { $0.isSecured } }
  var isClosed: Bool { box.value.withLock { $0.isClosed } }
  var errors: [String] { box.value.withLock { $0.errors } }
}
