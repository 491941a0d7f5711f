internal import Primitives

/// Determines who is at the other end of a connection: by a key shown in TLS, the proof that the other side has that
/// key, and a matching hello. Also determines the fault and the peer to report when the connection ends.
struct LinkHandshake {
  enum Side {
    case dialling(Peer)
    case accepting
  }

  enum Stage {
    /// The TLS handshake is not complete. The peer's key may have been shown, but not proved.
    case securing
    case greeting(Peer)
    case open(Peer)
    case ended
  }

  private let environment: LinkEnvironment
  private let side: Side
  private(set) var stage = Stage.securing
  /// The peer to which the certificate's key belongs, and the key's pin.
  private var shownPeer: Peer?
  private(set) var shownPin: Digest?
  /// Why the certificate was refused; the TLS library reports only that it was.
  private var refusal: LinkFault?

  init(_ environment: LinkEnvironment, side: Side) {
    self.environment = environment
    self.side = side
  }

  var isEnded: Bool { if case .ended = stage { true } else { false } }
  var openPeer: Peer? { if case .open(let peer) = stage { peer } else { nil } }

  // MARK: TLS

  /// Checks the other side's certificate; false refuses it. That the other side also has the private key is proved
  /// later in the TLS handshake.
  mutating func receive(certificate: [UInt8]?) -> Bool {
    do throws(LinkFault) {
      guard let certificate else { throw .unreadableCertificate }
      switch side {
      case .dialling(let peer):
        shownPin = try environment.check(certificate, of: peer)
        shownPeer = peer
      case .accepting:
        let (peer, pin) = try environment.peer(dialling: certificate)
        (shownPeer, shownPin) = (peer, pin)
      }
      return true
    } catch {
      refusal = error
      return false
    }
  }

  /// Completes TLS. Returns the peer, which has now proved its key; nil if TLS was already complete.
  mutating func completeTLS() throws(LinkFault) -> Peer? {
    guard case .securing = stage else { return nil }
    // A handshake in which no certificate was checked proves nothing, whatever the reason.
    guard let shownPeer else { throw .tlsFailed("no certificate was checked") }
    stage = .greeting(shownPeer)
    return shownPeer
  }

  // MARK: Hello

  /// The hello that this side sends to `peer`.
  func hello(to peer: Peer) -> [UInt8] {
    let configuration = environment.configuration
    return Hello(chain: configuration.chain, instance: configuration.instance, doubled: peer.conduct.doubledInstances)
      .bytes
  }

  /// Checks the other side's hello. Returns it with the peer if the link is now open.
  mutating func receive(hello frame: [UInt8]) throws(LinkFault) -> (peer: Peer, hello: Hello)? {
    guard case .greeting(let peer) = stage else { return nil }
    let hello = try Hello(frame)
    try hello.check(chain: environment.configuration.chain)
    stage = .open(peer)
    return (peer, hello)
  }

  // MARK: The end

  /// The fault to report for an error of the underlying libraries. `truncation` is the fault of a frame that was cut
  /// short, if any.
  func fault(for error: any Error, truncation: LinkFault?) -> LinkFault {
    if let refusal { return refusal }
    if case .securing = stage { return LinkFault(error, secured: false, ownPin: environment.ownPin) }
    return truncation ?? LinkFault(error, secured: true, ownPin: environment.ownPin)
  }

  /// The fault to report when the other side closed the connection; nil if the link had already ended.
  func faultWhenClosed(truncation: LinkFault?) -> LinkFault? {
    switch stage {
    case .securing: refusal ?? .tlsFailed("the other side closed the connection before it began")
    case .greeting: truncation ?? .closedBeforeHello
    case .open: truncation ?? .closedByPeer
    case .ended: nil
    }
  }

  /// Ends the link. Returns the peer to which the end is attributed, nil for a stranger, and whether the link was open.
  /// Returns nil if the link had already ended.
  mutating func end() -> (peer: Peer?, wasOpen: Bool)? {
    defer { stage = .ended }
    switch (stage, side) {
    case (.ended, _): return nil
    case (.open(let peer), _): return (peer, true)
    case (.greeting(let peer), _), (.securing, .dialling(let peer)): return (peer, false)
    // A key that was shown but not yet proved says nothing about the peer to which it belongs.
    case (.securing, .accepting): return (nil, false)
    }
  }
}
