/// Carries one request to a node and its answer back. The client's default uses HTTP; tests use another.
public protocol ClientTransport: Sendable {
  func send(_ request: ClientRequest) async throws(TransportFault) -> ClientResponse
  /// Closes all connections. Nothing is sent afterwards.
  func shutdown() async
}
