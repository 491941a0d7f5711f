internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Primitives

/// Translates errors of the underlying libraries into faults of this module.
extension LinkFault {
  /// The fault for an error from a connection's pipeline. `secured` is true after this side's TLS handshake.
  init(_ error: any Error, secured: Bool, ownPin: Digest) {
    switch error {
    case NIOSSLError.handshakeFailed(let failure): self.init(failure, ownPin: ownPin)
    case let failure as BoringSSLError: self.init(failure, ownPin: ownPin)
    case NIOSSLError.uncleanShutdown: self = .connectionLost("it ended without a TLS close")
    default: self = secured ? .connectionLost(LibraryText.of(error)) : .tlsFailed(LibraryText.of(error))
    }
  }

  private init(_ failure: BoringSSLError, ownPin: Digest) {
    guard case .sslError(let stack) = failure, let first = stack.first else {
      self = .tlsFailed(LibraryText.of(failure))
      return
    }
    if first == .eofDuringHandshake {
      self = .tlsFailed("the other side closed the connection in the middle of it")
      return
    }
    let reason = LibraryText.reason(in: first.description)
    if reason.contains("ALERT"), reason.contains("CERTIFICATE") || reason.contains("UNKNOWN_CA") {
      self = .ownKeyRefused(alert: reason, ownPin: ownPin)
      return
    }
    switch reason {
    case "UNSUPPORTED_PROTOCOL": self = .tlsFailed("the other side does not offer TLS 1.3 (\(reason))")
    case "TLSV1_ALERT_PROTOCOL_VERSION": self = .tlsFailed("the other side does not accept TLS 1.3 (\(reason))")
    case "PEER_DID_NOT_RETURN_A_CERTIFICATE": self = .tlsFailed("the other side sent no certificate (\(reason))")
    case "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST":
      self = .tlsFailed("the other side does not speak TLS (\(reason))")
    default: self = .tlsFailed(reason)
    }
  }

  /// The fault for a dial that did not result in a connection.
  init(dialling address: PeerAddress, _ error: any Error) {
    self = .unreachable(address, LibraryText.of(error))
  }
}
