import NIOCore
import NIOEmbedded
import Testing

@testable import PeerNetwork

@Testing.Suite("The limit of accepted connections")
struct AcceptLimitTests {
  /// Stands in for the listening socket and counts how often it is asked for connections.
  private final class Socket: ChannelOutboundHandler {
    typealias OutboundIn = Never
    typealias OutboundOut = Never
    var asked = 0

    func read(context: ChannelHandlerContext) { asked += 1 }
  }

  @Test("N2: with too many open connections none is accepted until one is closed")
  func limit() throws {
    let socket = Socket()
    let listener = EmbeddedChannel(handlers: [socket, AcceptLimit { 2 }])
    try listener.bind(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    let accepted = try (0..<3).map { _ in
      let channel = EmbeddedChannel()
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 2)).wait()
      return channel
    }
    let before = socket.asked
    listener.read()
    #expect(socket.asked == before + 1)
    for channel in accepted[..<2] { listener.pipeline.fireChannelRead(channel as any Channel) }
    listener.read()
    listener.read()
    #expect(socket.asked == before + 1)
    try accepted[0].close().wait()
    accepted[0].embeddedEventLoop.run()
    listener.embeddedEventLoop.run()
    #expect(socket.asked == before + 2)
    // A read that was already under way may deliver more connections than the limit allows. All of them must close
    // before the next read.
    for channel in accepted[2...] { listener.pipeline.fireChannelRead(channel as any Channel) }
    listener.read()
    #expect(socket.asked == before + 2)
  }
}
