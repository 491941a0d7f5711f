/// Carries one request to a node and its answer back. The client uses HTTP by default; tests use another transport.
public protocol ClientTransport: Sendable {
  func send(_ request: ClientRequest) async throws(TransportFault) -> ClientResponse
  /// Closes all connections. Nothing may be sent afterwards.
  func shutdown() async
}
