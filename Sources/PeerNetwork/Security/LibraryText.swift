internal import NIOCore
internal import NIOPosix
internal import NIOSSL

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Describes errors of the network libraries for people, in the system's own words if there are any.
enum LibraryText {
  static func of(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      error.connectionErrors.first.map { of($0.error) } ?? "the host name \(error.host) cannot be resolved"
    case let error as IOError: system(error.errnoCode)
    case let error as SocketAddressError.UnknownHost: "the host name \(error.host) cannot be resolved"
    case NIOSSLError.handshakeFailed(let failure): of(failure)
    case NIOSSLError.failedToLoadCertificate: "it contains no certificate"
    case NIOSSLError.failedToLoadPrivateKey: "it contains no private key that TLS accepts"
    case BoringSSLError.sslError(let stack), BoringSSLError.unknownError(let stack):
      stack.first.map { reason(in: $0.description) } ?? "TLS failed"
    case ChannelError.connectTimeout: "no answer in time"
    case ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed: "it was closed"
    case ChannelError.eof: "the other side closed it"
    default: "an unexpected error of the network library, \(type(of: error))"
    }
  }

  static func system(_ number: Int32) -> String { "\(String(cString: strerror(number))) (errno \(number))" }

  /// The library's reason in `Error: 268436454 error:100003f2:SSL routines:OPENSSL_internal:REASON at file:line`.
  static func reason(in text: String) -> String {
    let parts = text.split(separator: ":")
    guard let place = parts.firstIndex(of: "OPENSSL_internal"), place + 1 < parts.count else { return text }
    return String(parts[place + 1].prefix { $0 != " " })
  }
}
