internal import NIOCore
internal import NIOSSL
internal import Primitives
internal import Testing

@testable internal import PeerNetwork

/// Node 1 between peer 0, which dials it, and peer 2, which it dials.
@Testing.Suite("Link handshake")
struct LinkHandshakeTests {
  private let environment: LinkEnvironment
  private let dialler: Peer
  private let dialled: Peer

  init() throws {
    environment = try LinkEnvironment(
      TestNode.configuration(1, peers: [TestNode.description(0), TestNode.description(2)]), handler: Recorder())
    dialler = try #require(environment.peer(PeerID(0)))
    dialled = try #require(environment.peer(PeerID(2)))
  }

  private func certificate(_ identity: Int) throws -> [UInt8] {
    try #require(try NIOSSLCertificate.fromPEMBytes(TestIdentity.all[identity].certificatePEM).first).toDERBytes()
  }

  /// A handshake that waits for the other side's hello.
  private func greeting(_ side: LinkHandshake.Side, identity: Int) throws -> LinkHandshake {
    var handshake = LinkHandshake(environment, side: side)
    #expect(try { handshake.receive(certificate: try certificate(identity)) }())
    _ = try handshake.completeTLS()
    return handshake
  }

  private func hello(from sender: UInt16) -> [UInt8] {
    Hello(chain: TestNode.chain, instance: UInt64(sender)).bytes
  }

  @Test("Key, proof and hello open the link, on either side")
  func opens() throws {
    for (side, identity, peer) in [(LinkHandshake.Side.accepting, 0, dialler), (.dialling(dialled), 2, dialled)] {
      var handshake = LinkHandshake(environment, side: side)
      #expect(try { handshake.receive(certificate: try certificate(identity)) }())
      #expect(handshake.openPeer == nil)
      #expect(try { try handshake.completeTLS() }() === peer)
      #expect(handshake.openPeer == nil)
      #expect(handshake.hello(to: peer) == Hello(chain: TestNode.chain, instance: 1).bytes)
      #expect(try { try handshake.receive(hello: hello(from: UInt16(identity))) }()?.peer === peer)
      #expect(handshake.openPeer === peer)
    }
  }

  @Test("N5: a key that is not the peer's is refused, and that reason is not replaced by the library's own error")
  func refusals() throws {
    let cases: [(side: LinkHandshake.Side, certificate: [UInt8]?, fault: LinkFault)] = [
      (.accepting, try certificate(3), .unknownKey(pin: TestIdentity.all[3].pin)),
      (.accepting, try certificate(1), .ownKeyElsewhere(pin: TestIdentity.all[1].pin)),
      (.accepting, nil, .unreadableCertificate),
      (.accepting, [1, 2, 3], .unreadableCertificate),
      (
        .dialling(dialled), try certificate(3),
        .wrongKey(pin: TestIdentity.all[3].pin, expected: [TestIdentity.all[2].pin])
      ),
    ]
    for (side, certificate, fault) in cases {
      var handshake = LinkHandshake(environment, side: side)
      #expect(!{ handshake.receive(certificate: certificate) }())
      #expect(handshake.fault(for: ChannelError.eof, truncation: nil) == fault)
      #expect(handshake.faultWhenClosed(truncation: nil) == fault)
    }
  }

  @Test("N5: a TLS handshake in which no certificate was checked proves nothing")
  func uncheckedCertificate() {
    var handshake = LinkHandshake(environment, side: .accepting)
    #expect(throws: LinkFault.tlsFailed("no certificate was checked")) { try handshake.completeTLS() }
  }

  @Test("A hello counts only after TLS, and only once")
  func helloInItsPlace() throws {
    var early = LinkHandshake(environment, side: .accepting)
    #expect(try { early.receive(certificate: try certificate(0)) }())
    #expect(try { try early.receive(hello: hello(from: 0)) }() == nil)
    #expect(early.openPeer == nil)
    var handshake = try greeting(.accepting, identity: 0)
    #expect(try { try handshake.receive(hello: hello(from: 0)) }()?.peer === dialler)
    #expect(try { try handshake.receive(hello: hello(from: 0)) }() == nil)
    #expect(try { try handshake.completeTLS() }() == nil)
  }

  @Test("An accepted connection counts against a peer only once it has proved the peer's key, a dialled one always")
  func whoseFault() throws {
    var shown = LinkHandshake(environment, side: .accepting)
    #expect(try { shown.receive(certificate: try certificate(0)) }())
    let stranger = try #require({ shown.end() }())
    #expect(stranger.peer == nil && !stranger.wasOpen)

    var proved = try greeting(.accepting, identity: 0)
    let known = try #require({ proved.end() }())
    #expect(known.peer === dialler && !known.wasOpen)

    var dialling = LinkHandshake(environment, side: .dialling(dialled))
    let own = try #require({ dialling.end() }())
    #expect(own.peer === dialled && !own.wasOpen)
  }

  @Test("A link ends once, and the reason depends on how far it got")
  func ends() throws {
    let cut = LinkFault.truncatedFrame(bytes: 1, expected: 2)
    let new = LinkHandshake(environment, side: .accepting)
    #expect(new.faultWhenClosed(truncation: nil)?.code == "peer.tls-failed")
    #expect(new.fault(for: ChannelError.eof, truncation: nil).code == "peer.tls-failed")

    var handshake = try greeting(.accepting, identity: 0)
    #expect(handshake.faultWhenClosed(truncation: nil) == .closedBeforeHello)
    #expect(handshake.faultWhenClosed(truncation: cut) == cut)
    _ = try handshake.receive(hello: hello(from: 0))
    #expect(handshake.faultWhenClosed(truncation: nil) == .closedByPeer)
    #expect(handshake.fault(for: ChannelError.eof, truncation: nil).code == "peer.connection-lost")
    #expect(handshake.fault(for: ChannelError.eof, truncation: cut) == cut)

    let end = try #require({ handshake.end() }())
    #expect(end.peer === dialler && end.wasOpen)
    #expect(handshake.isEnded)
    #expect({ handshake.end() }() == nil)
    #expect(handshake.faultWhenClosed(truncation: nil) == nil)
    #expect(try { try handshake.receive(hello: hello(from: 0)) }() == nil)
  }
}
