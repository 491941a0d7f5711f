package import Primitives

/// Why a link ended or could not be made. Each fault is logged with its peer or address and counted by its code.
package enum LinkFault: ExplainedError, Hashable {
  // MARK: Connecting and securing

  case unreachable(PeerAddress, String)
  case handshakeTimedOut(milliseconds: Int64)
  case tlsFailed(String)
  /// The other side refused this node's certificate with a TLS alert.
  case ownKeyRefused(alert: String, ownPin: Digest)
  case unreadableCertificate
  case unknownKey(pin: Digest)
  case wrongKey(pin: Digest, expected: [Digest])
  /// Another node uses this node's own transport key.
  case ownKeyElsewhere(pin: Digest)
  /// The peer misbehaved a moment ago.
  case paused(milliseconds: Int64)
  /// The peer connects again and again.
  case tooManyLinks(milliseconds: Int64)
  case tooManyPending(limit: Int)
  case tooManyFromAddress(limit: Int)

  // MARK: The hello

  case malformedHello(CodecError)
  case otherProtocol(version: UInt16, own: UInt16)
  case otherChain(genesis: Digest, own: Digest)
  case otherSuite(code: UInt8, own: Suite)

  // MARK: Frames

  case emptyFrame
  case unknownFrameKind(UInt8)
  case frameTooLong(kind: UInt8?, bytes: Int, limit: Int)
  case truncatedFrame(bytes: Int, expected: Int)
  /// The replica rejected something that the peer sent, for example a forged signature.
  case misbehaved(String)

  // MARK: The end of a link

  case silent(milliseconds: Int64)
  case connectionLost(String)
  case closedByPeer
  case closedBeforeHello
  case replaced
  /// Both sides dialled at once, and the other link stays.
  case crossed
  /// The peer is no longer in the list.
  case removed
  /// The peer no longer has the key with which the link was made.
  case keyRemoved(pin: Digest)
  case stopping

  /// Whether the link ended because the peer sent bytes that are no frames, which a correct node never does.
  package var isMalformed: Bool {
    switch self {
    case .malformedHello, .emptyFrame, .unknownFrameKind, .frameTooLong: true
    default: false
    }
  }
}

extension LinkFault {
  package var code: String {
    switch self {
    case .unreachable: "peer.unreachable"
    case .handshakeTimedOut: "peer.handshake-timed-out"
    case .tlsFailed: "peer.tls-failed"
    case .ownKeyRefused: "peer.own-key-refused"
    case .unreadableCertificate: "peer.unreadable-certificate"
    case .unknownKey: "peer.unknown-key"
    case .wrongKey: "peer.wrong-key"
    case .ownKeyElsewhere: "peer.own-key-elsewhere"
    case .paused: "peer.paused"
    case .tooManyLinks: "peer.too-many-links"
    case .tooManyPending: "peer.too-many-pending"
    case .tooManyFromAddress: "peer.too-many-from-address"
    case .malformedHello: "peer.malformed-hello"
    case .otherProtocol: "peer.other-protocol"
    case .otherChain: "peer.other-chain"
    case .otherSuite: "peer.other-suite"
    case .emptyFrame: "peer.empty-frame"
    case .unknownFrameKind: "peer.unknown-frame-kind"
    case .frameTooLong: "peer.frame-too-long"
    case .truncatedFrame: "peer.truncated-frame"
    case .misbehaved: "peer.misbehaved"
    case .silent: "peer.silent"
    case .connectionLost: "peer.connection-lost"
    case .closedByPeer: "peer.closed"
    case .closedBeforeHello: "peer.closed-before-hello"
    case .replaced: "peer.replaced"
    case .crossed: "peer.crossed"
    case .removed: "peer.removed"
    case .keyRemoved: "peer.key-removed"
    case .stopping: "peer.stopping"
    }
  }

  package var explanation: String {
    switch self {
    case .unreachable(let address, let text): "cannot connect to \(address): \(text)"
    case .handshakeTimedOut(let milliseconds):
      "the other side did not finish TLS and the hello within \(milliseconds) ms"
    case .tlsFailed(let text): "the TLS handshake failed: \(text)"
    case .ownKeyRefused(let alert, let pin):
      "the other side refused this node's transport key with pin \(pin) (TLS alert: \(alert))"
    case .unreadableCertificate: "the other side's certificate cannot be read"
    case .unknownKey(let pin): "the key with pin \(pin) belongs to no peer"
    case .wrongKey(let pin, let expected):
      "its key has the pin \(pin), not the expected \(expected.map(\.description).joined(separator: " or "))"
    case .ownKeyElsewhere(let pin): "another node uses this node's own transport key, pin \(pin)"
    case .paused(let milliseconds):
      "the peer misbehaved, and there is no link with it for another \(milliseconds) ms"
    case .tooManyLinks(let milliseconds):
      "the peer connected too often, and no link with it is taken for another \(milliseconds) ms"
    case .tooManyPending(let limit): "more than \(limit) connections had not yet proved their identity"
    case .tooManyFromAddress(let limit):
      "more than \(limit) connections from this address had not yet proved their identity"
    case .malformedHello(let error): "the other side's hello is malformed: \(error.explanation)"
    case .otherProtocol(let version, let own): "different protocol version: \(version); this node uses \(own)"
    case .otherChain(let genesis, let own): "different chain: genesis \(genesis); this node's is \(own)"
    case .otherSuite(let code, let own):
      "different suite: \(Suite(rawValue: code)?.name ?? "unknown code \(code)"); this node's is \(own.name)"
    case .emptyFrame: "a frame of length 0"
    case .unknownFrameKind(let kind): "a frame of the unknown kind \(kind)"
    case .frameTooLong(let kind, let bytes, let limit):
      "a frame\(kind.map { " of kind \($0)" } ?? "") announces \(bytes) bytes; the limit is \(limit)"
    case .truncatedFrame(let bytes, let expected): "the link ended after \(bytes) of a frame's \(expected) bytes"
    case .misbehaved(let text): "the peer misbehaved: \(text)"
    case .silent(let milliseconds): "nothing was received for \(milliseconds) ms"
    case .connectionLost(let text): "the connection was lost: \(text)"
    case .closedByPeer: "the peer closed the link"
    case .closedBeforeHello: "the other side closed the connection before its hello"
    case .replaced: "the same peer reconnected"
    case .crossed: "both nodes dialled at once, and the other link stays"
    case .removed: "the peer is no longer listed"
    case .keyRemoved(let pin): "the peer's key with pin \(pin) is no longer listed"
    case .stopping: "this node is stopping"
    }
  }

  package var nextStep: String {
    switch self {
    case .unreachable, .handshakeTimedOut, .silent, .connectionLost, .closedByPeer, .truncatedFrame:
      "no action is needed if the peer is down or restarting: the node redials it; otherwise check its address, its log and the network"
    case .tlsFailed:
      "only Roadbed nodes should connect to this port, with TLS 1.3; find out what is running at the other end"
    case .ownKeyRefused, .closedBeforeHello:
      "check that the peers list this node's transport pin, and read the reason in the other side's log"
    case .unreadableCertificate, .unknownKey:
      "if this is a validator, check its transport pins in genesis or on chain; otherwise find out who is connecting"
    case .wrongKey: "check the peer's address and its transport pins in genesis or on chain"
    case .ownKeyElsewhere: "stop the other node, and give the validator a new key if it was stolen"
    case .tooManyLinks: "find out why the peer restarts, or loses its links, again and again"
    case .tooManyPending, .tooManyFromAddress:
      "find out who opens connections to the peer port, and restrict the port with a firewall"
    case .otherProtocol: "run the same version of Roadbed on both nodes"
    case .otherChain, .otherSuite: "start both nodes with the same genesis file, or correct the peer's address"
    case .malformedHello, .emptyFrame, .unknownFrameKind, .frameTooLong, .misbehaved, .paused:
      "report it to the peer's operator; run the same version on both nodes"
    case .keyRemoved: "nothing, if the peer is started with its other key"
    case .replaced, .crossed, .removed, .stopping: "nothing"
    }
  }
}
