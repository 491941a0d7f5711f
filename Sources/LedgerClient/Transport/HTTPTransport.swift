internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// HTTP/1.1 with persistent connections, built on AsyncHTTPClient.
final class HTTPTransport: ClientTransport {
  private let client: HTTPClient
  private let isClosed = Atomic<Bool>(false)

  init(_ configuration: ClientConfiguration) {
    var http = HTTPClient.Configuration()
    http.redirectConfiguration = .disallow
    http.httpVersion = .http1Only
    http.timeout.connect = .milliseconds(configuration.connectTimeout.wholeMilliseconds)
    // Otherwise the library would retry the same node until the time is up, when another node could be tried.
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
    // The library traps if a client is released without a shutdown; this only closes it late.
    guard !isClosed.load(ordering: .relaxed) else { return }
    client.shutdown { _ in }
  }

  func shutdown() async {
    guard !isClosed.exchange(true, ordering: .relaxed) else { return }
    // Fails only if the client was already shut down, or if requests are still running, which it then cancels.
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
    // Before the end of the handshake it is certain that nothing was sent; afterwards it is not.
    case NIOSSLError.handshakeFailed, NIOSSLError.unableToValidateCertificate:
      .notConnected(reason: LibraryText.of(error))
    case let failure as NIOSSLExtraError where failure == .failedToValidateHostname:
      .notConnected(reason: LibraryText.of(error))
    case let error as IOError:
      // Connecting to an address that needs no look-up fails with these errors; nothing was sent.
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
