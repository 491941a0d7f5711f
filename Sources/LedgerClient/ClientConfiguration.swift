/// How a client reaches its nodes.
public struct ClientConfiguration: Sendable {
  /// Sent as `Authorization: Bearer …`, for nodes that require it.
  public var token: String?
  /// A PEM file with the certificates to trust for `https` instead of the system's.
  public var trustedCertificates: String?
  /// The maximum number of connections to one node; further requests wait for a free one.
  public var connections = 8
  /// How long to wait for a connection.
  public var connectTimeout: Duration = .seconds(5)
  /// How long to wait for an answer, in addition to the time that a request asks the node to wait.
  public var answerTimeout: Duration = .seconds(30)
  /// The maximum size of an answer, in bytes.
  public var answerBytes = 32 << 20
  public var retries = RetryPolicy()

  public init() {}
}
