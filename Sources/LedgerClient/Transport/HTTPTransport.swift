internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// HTTP/1.1 with persistent connections, over AsyncHTTPClient.
final class HTTPTransport: ClientTransport {
  private let client: HTTPClient
  private let isClosed = Atomic<Bool>(false)

  init(_ configuration: ClientConfiguration) {
    var http = HTTPClient.Configuration()
    http.redirectConfiguration = .disallow
    http.httpVersion = .http1Only
    http.timeout.connect = .milliseconds(configuration.connectTimeout.wholeMilliseconds)
    // Try another node, rather than the same one again until the time is up.
    http.connectionPool.retryConnectionEstablishment = false
    http.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = configuration.connections
    if let path = configuration.trustedCertificates {
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.trustRoots = .file(path)
      http.tlsConfiguration = tls
    }
    client = HTTPClient(configuration: http)
  }

  deinit {
    // The library traps if a client was not shut down; this way it is only closed late.
    guard !isClosed.load(ordering: .relaxed) else { return }
    client.shutdown { _ in }
  }

  func shutdown() async {
    guard !isClosed.exchange(true, ordering: .relaxed) else { return }
    // This fails only if it was already shut down, or if requests were still running, which it then cancels.
    try? await client.shutdown()
  }

  func send(_ request: ClientRequest) async throws(TransportFault) -> ClientResponse {
    do {
      return try await exchange(request)
    } catch {
      throw HTTPTransport.fault(error, request)
    }
  }

  private func exchange(_ request: ClientRequest) async throws -> ClientResponse {
    var message = HTTPClientRequest(url: request.url)
    message.method = request.method == .post ? .POST : .GET
    message.headers.add(name: "Accept", value: request.accept)
    if let type = request.contentType { message.headers.add(name: "Content-Type", value: type) }
    if let token = request.token {
      message.headers.add(name: "Authorization", value: "Bearer \(token)")
    }
    if request.method == .post { message.body = .bytes(ByteBuffer(bytes: request.body)) }
    let response = try await client.execute(
      message, timeout: .milliseconds(request.timeout.wholeMilliseconds))
    let body = try await response.body.collect(upTo: request.answerBytes)
    return ClientResponse(
      status: Int(response.status.code),
      retryAfter: response.headers.first(name: "Retry-After").flatMap { Int($0) },
      contentType: response.headers.first(name: "Content-Type"),
      body: Array(body.readableBytesView))
  }

  private static func fault(_ error: any Error, _ request: ClientRequest) -> TransportFault {
    switch error {
    case is CancellationError: .cancelled
    case is NIOTooManyBytesError: .answerTooLong(limit: request.answerBytes)
    case let error as HTTPClientError: fault(error, request)
    case let error as NIOConnectionError: .notConnected(reason: LibraryText.of(error))
    // It is certain that nothing was sent only until the handshake is over.
    case NIOSSLError.handshakeFailed, NIOSSLError.unableToValidateCertificate:
      .notConnected(reason: LibraryText.of(error))
    case let failure as NIOSSLExtraError where failure == .failedToValidateHostname:
      .notConnected(reason: LibraryText.of(error))
    case let error as IOError:
      // Addresses that need no look-up fail like this. Nothing was sent in this case.
      [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH].contains(error.errnoCode)
        ? .notConnected(reason: LibraryText.of(error)) : .broken(reason: LibraryText.of(error))
    default: .broken(reason: LibraryText.of(error))
    }
  }

  private static func fault(_ error: HTTPClientError, _ request: ClientRequest) -> TransportFault {
    switch error {
    case .cancelled: .cancelled
    case .connectTimeout, .tlsHandshakeTimeout: .notConnected(reason: TransportFault.noneInTime)
    case .deadlineExceeded, .readTimeout, .writeTimeout: .timedOut(request.timeout)
    case .remoteConnectionClosed: .broken(reason: "the node closed the connection")
    default: .broken(reason: "the HTTP library says: \(error.shortDescription)")
    }
  }
}

/// Errors of the network libraries in words for people: the system's own where available.
enum LibraryText {
  static func of(_ error: any Error) -> String {
    switch error {
    // The system's text for the first address that was tried, or for the name.
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

  /// The reason, in lower case, within `Error: 268436454 error:100003f2:SSL routines:OPENSSL_internal:REASON at
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
