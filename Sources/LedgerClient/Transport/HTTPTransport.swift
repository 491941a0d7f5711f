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
