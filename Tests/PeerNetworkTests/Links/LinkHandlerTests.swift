internal import NIOCore
internal import NIOEmbedded
internal import NIOSSL
internal import NIOTLS
internal import Primitives
internal import Testing

@testable internal import PeerNetwork

/// Node 1's connection accepted from peer 0, without TLS and with a clock that the test controls.
@Testing.Suite("Link handler")
struct LinkHandlerTests {
  private let recorder = Recorder()
  private let environment: LinkEnvironment
  private let acceptor: Acceptor
  private let handler: LinkHandler
  private let reads = ReadCounter()
  private let channel: EmbeddedChannel
  private let peer: Peer

  /// Stands in for the socket and counts how often it is asked for more bytes.
  private final class ReadCounter: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    var count = 0

    func read(context: ChannelHandlerContext) { count += 1 }
  }

  init() throws {
    environment = try LinkEnvironment(Self.configuration(1, peers: [TestNode.description(0)]), handler: recorder)
    acceptor = Acceptor(environment)
    handler = LinkHandler(environment, role: .accepting(acceptor))
    peer = try #require(environment.peer(PeerID(0)))
    channel = EmbeddedChannel(handlers: [reads, handler])
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
  }

  /// One in which the pause after misbehaviour is longer than any test takes.
  private static func configuration(_ index: Int, peers: [PeerDescription]) -> PeerNetworkConfiguration {
    var configuration = TestNode.configuration(index, peers: peers)
    configuration.limits.misbehaviourMinimumMilliseconds = 3_600_000
    configuration.limits.misbehaviourMaximumMilliseconds = 3_600_000
    return configuration
  }

  private func secure() throws {
    let certificate = try #require(try NIOSSLCertificate.fromPEMBytes(TestIdentity.all[0].certificatePEM).first)
    #expect(handler.verify(try certificate.toDERBytes()))
    channel.pipeline.fireUserInboundEventTriggered(TLSUserEvent.handshakeCompleted(negotiatedProtocol: nil))
  }

  private func receive(_ frames: [UInt8]...) throws {
    try channel.writeInbound(ByteBuffer(bytes: frames.flatMap(FrameDecoderTests.wire)))
  }

  private func written() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += Array(buffer.readableBytesView) }
    return bytes
  }

  private func open() throws {
    try secure()
    try receive(Hello(chain: TestNode.chain, instance: 0).bytes)
    #expect(recorder.connects == [PeerID(0)])
    _ = try written()
  }

  @Test("The accepting side says hello as soon as TLS is done; frames behind the other one's hello reach the replica")
  func opens() throws {
    #expect(acceptor.pending.count == 1)
    #expect(try written().isEmpty)
    try secure()
    #expect(
      try written()
        == FrameDecoderTests.wire(Hello(chain: TestNode.chain, instance: 1).bytes))
    try receive(Hello(chain: TestNode.chain, instance: 0).bytes, [1, 2], [3])
    #expect(recorder.frames.map(\.bytes) == [[1, 2], [3]])
    #expect(acceptor.pending.isEmpty)
    #expect((peer.statistics.framesReceived, peer.statistics.bytesReceived) == (2, 3))
  }

  @Test("A quiet link sends keep-alives, and one that receives nothing is ended after the time allowed")
  func time() throws {
    try open()
    let limits = environment.configuration.limits
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(limits.keepAliveMilliseconds))
    #expect(try written() == FrameDecoderTests.wire([FrameKind.keepAlive]))
    try receive([FrameKind.keepAlive])
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(limits.silenceMilliseconds))
    #expect(recorder.disconnects.isEmpty)
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(limits.keepAliveMilliseconds))
    #expect(recorder.disconnects.map(\.reason) == [.silent(milliseconds: limits.silenceMilliseconds)])
    #expect(!channel.isActive)
  }

  @Test("A connection that does not finish its hello ends after the handshake time-out")
  func deadline() throws {
    try secure()
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(environment.configuration.limits.handshakeMilliseconds))
    #expect(peer.statistics.lastFault?.code == "peer.handshake-timed-out")
    #expect(!channel.isActive)
    #expect(acceptor.pending.isEmpty)
  }

  @Test("While the replica is full the socket is not read, and it is read once when there is room again")
  func backPressure() throws {
    try open()
    recorder.setRoom(false, for: 0)
    try receive([1])
    let before = reads.count
    channel.read()
    channel.read()
    #expect(reads.count == before)
    recorder.setRoom(true, for: 0)
    environment.resumeReading()
    channel.embeddedEventLoop.run()
    #expect(reads.count == before + 1)
    _ = try channel.finish(acceptAlreadyClosed: true)
  }

  @Test("H1: what the library reads unasked, because the other side has closed, does not reach a replica that is full")
  func unasked() throws {
    try open()
    recorder.setRoom(false, for: 0)
    try receive([1])
    channel.read()
    try receive([2], [3])
    #expect(recorder.frames.map(\.bytes) == [[1]])
    #expect(recorder.disconnects.map(\.reason) == [.closedByPeer])
    #expect(!channel.isActive)
  }

  @Test("Queued frames are written, and count as sent once the system has accepted them")
  func writes() throws {
    try open()
    #expect(peer.enqueue([[1, 2], [3]]) == 2)
    channel.embeddedEventLoop.run()
    #expect(try written() == [[1, 2], [3]].flatMap(FrameDecoderTests.wire))
    #expect((peer.statistics.framesSent, peer.statistics.bytesSent, peer.statistics.framesQueued) == (2, 3, 0))
    _ = try channel.finish(acceptAlreadyClosed: true)
  }

  @Test("The first reason for an end counts, and the connection closes")
  func ends() throws {
    try open()
    handler.end(.misbehaved("a forged vote"))
    handler.end(.closedByPeer)
    #expect(recorder.disconnects.map(\.reason) == [.misbehaved("a forged vote")])
    #expect(environment.journal.faults.map(\.code) == ["peer.misbehaved"])
    #expect(!channel.isActive)
  }

  @Test("H8: a peer that sent what is no frame gets no new link until the pause is over")
  func pause() throws {
    try open()
    try receive([0xF0, 1, 2, 3])
    #expect(recorder.disconnects.map(\.reason.code) == ["peer.unknown-frame-kind"])
    let certificate = try #require(try NIOSSLCertificate.fromPEMBytes(TestIdentity.all[0].certificatePEM).first)
    let second = LinkHandler(environment, role: .accepting(acceptor))
    #expect(!second.verify(try certificate.toDERBytes()))
  }

  @Test("H8: a connection from the address of a peer in its pause ends before TLS, unless another peer shares it")
  func pausedAddress() throws {
    for isShared in [false, true] {
      let descriptions = [
        TestNode.description(0, at: PeerAddress(host: "127.0.0.1", port: 1)),
        TestNode.description(1, at: PeerAddress(host: isShared ? "127.0.0.1" : "127.0.0.2", port: 1)),
      ]
      let environment = try LinkEnvironment(Self.configuration(2, peers: descriptions), handler: recorder)
      let acceptor = Acceptor(environment)
      acceptor.resolve()
      environment.peer(PeerID(0))?.conduct.punish()
      let channel = EmbeddedChannel(handler: LinkHandler(environment, role: .accepting(acceptor)))
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      channel.embeddedEventLoop.run()
      #expect(channel.isActive == isShared)
      _ = try channel.finish(acceptAlreadyClosed: true)
    }
  }

  @Test("A connection does not become a link if its peer, or its peer's key, leaves the list during the handshake")
  func listChanges() throws {
    try secure()
    try environment.update([TestNode.description(0, identity: 4)])
    try receive(Hello(chain: TestNode.chain, instance: 0).bytes)
    #expect(peer.statistics.lastFault == .keyRemoved(pin: TestIdentity.all[0].pin))
    try environment.update([])
    for isSecured in [false, true] {
      try environment.update([TestNode.description(0)])
      let peer = try #require(environment.peer(PeerID(0)))
      let second = LinkHandler(environment, role: .accepting(acceptor))
      let channel = EmbeddedChannel(handler: second)
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      let certificate = try #require(try NIOSSLCertificate.fromPEMBytes(TestIdentity.all[0].certificatePEM).first)
      #expect(second.verify(try certificate.toDERBytes()))
      if !isSecured { try environment.update([]) }
      channel.pipeline.fireUserInboundEventTriggered(TLSUserEvent.handshakeCompleted(negotiatedProtocol: nil))
      if isSecured { try environment.update([]) }
      #expect(channel.isActive == isSecured)
      _ = try? channel.writeInbound(
        ByteBuffer(bytes: FrameDecoderTests.wire(Hello(chain: TestNode.chain, instance: 0).bytes)))
      #expect(peer.statistics.lastFault == .removed)
      #expect(!channel.isActive)
    }
    #expect(recorder.connects.isEmpty && recorder.disconnects.isEmpty)
    #expect(acceptor.pending.isEmpty)
  }

  @Test("The open link of a peer that leaves the list ends, and nothing is queued for it any more")
  func removed() throws {
    try open()
    try environment.update([])
    #expect(peer.enqueue([[1]]) == 0)
    channel.embeddedEventLoop.run()
    #expect(recorder.disconnects.map(\.reason) == [.removed])
    #expect(!channel.isActive)
    #expect(environment.peers.isEmpty)
  }
}
