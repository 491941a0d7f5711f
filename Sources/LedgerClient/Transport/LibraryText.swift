internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Describes errors of the network libraries for people, in the system's own words where available.
enum LibraryText {
  static func of(_ error: any Error) -> String {
    switch error {
    // The reason for the first address that was tried, or that the name is unknown.
    case let error as NIOConnectionError:
      error.connectionErrors.first.map { of($0.error) } ?? "the host name \(error.host) is unknown"
    case let error as IOError: String(cString: strerror(error.errnoCode))
    case let error as SocketAddressError.UnknownHost: "the host name \(error.host) is unknown"
    case NIOSSLError.handshakeFailed(let failure): of(failure)
    case NIOSSLError.uncleanShutdown: "it ended without a TLS close"
    case NIOSSLError.unableToValidateCertificate: "TLS: the node's certificate is not trusted"
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      "TLS: the node's certificate is for another host"
    case BoringSSLError.sslError(let stack): "TLS: \(stack.first.map { reason(in: $0.description) } ?? "it failed")"
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: "TLS: it failed"
    case ChannelError.connectTimeout: TransportFault.noneInTime
    default: "an unexpected error of the network library, \(type(of: error))"
    }
  }

  /// Extracts the reason, in lower case, from `Error: 268436454 error:100003f2:SSL routines:OPENSSL_internal:REASON at
  /// file:line`.
  private static func reason(in text: String) -> String {
    if text.contains("EOF during handshake") { return "the node closed the connection in the middle of the handshake" }
    let parts = text.split(separator: ":")
    guard let place = parts.firstIndex(of: "OPENSSL_internal"), place + 1 < parts.count else { return "it failed" }
    switch parts[place + 1].prefix(while: { $0 != " " }) {
    case "WRONG_VERSION_NUMBER": return "the node does not speak TLS; is its address http rather than https?"
    case "CERTIFICATE_VERIFY_FAILED": return "the node's certificate is not trusted"
    case let reason: return reason.replacing("_", with: " ").lowercased()
    }
  }
}
