internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// HTTP/1.1 with connections that are kept, over AsyncHTTPClient.
final class HTTPTransport: ClientTransport {
  private let client: HTTPClient
  private let isClosed = Atomic<Bool>(false)

  init(_ configuration: ClientConfiguration) {
    var http = HTTPClient.Configuration()
    http.redirectConfiguration = .disallow
    http.httpVersion = .http1Only
    http.timeout.connect = .milliseconds(configuration.connectTimeout.wholeMilliseconds)
    // Another node is tried rather than the same one again until the time is over.
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
    // The library traps on clients that were forgotten; this one only closes late.
    guard !isClosed.load(ordering: .relaxed) else { return }
    client.shutdown { _ in }
  }

  func shutdown() async {
    guard !isClosed.exchange(true, ordering: .relaxed) else { return }
    // It only fails if it was shut down before, or if requests were still running, which it then cancels.
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
    case let error as NIOConnectionError: .notConnected(reason: reason(error))
    case let error as NIOSSLError: .notConnected(reason: "TLS: \(error)")
    case let error as IOError:
      // Addresses that need no look-up fail like this. Nothing was sent then.
      [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH].contains(error.errnoCode)
        ? .notConnected(reason: text(error.errnoCode)) : .broken(reason: text(error.errnoCode))
    default: .broken(reason: "\(error)")
    }
  }

  private static func fault(_ error: HTTPClientError, _ request: ClientRequest) -> TransportFault {
    switch error {
    case .cancelled: .cancelled
    case .connectTimeout, .tlsHandshakeTimeout: .notConnected(reason: "none in time")
    case .deadlineExceeded, .readTimeout, .writeTimeout: .timedOut(request.timeout)
    case .remoteConnectionClosed: .broken(reason: "the node closed it")
    default: .broken(reason: error.description)
    }
  }

  /// The system's word on the first address that was tried, or on the name.
  private static func reason(_ error: NIOConnectionError) -> String {
    guard let failure = error.connectionErrors.first else {
      return "the name \(error.host) is not known"
    }
    if let system = failure.error as? IOError { return text(system.errnoCode) }
    return "\(failure.error)"
  }

  private static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
