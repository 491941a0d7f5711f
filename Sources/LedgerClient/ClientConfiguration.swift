/// How a client reaches its nodes.
public struct ClientConfiguration: Sendable {
  /// Sent as `Authorization: Bearer …`, for nodes that require it.
  public var token: String?
  /// A PEM file of the certificates to trust for `https`, instead of the system's.
  public var trustedCertificates: String?
  /// The most connections to one node; further requests wait for one.
  public var connections = 8
  /// How long to wait for a connection.
  public var connectTimeout: Duration = .seconds(5)
  /// How long to wait for an answer, in addition to the time that a request asks the node to wait.
  public var answerTimeout: Duration = .seconds(30)
  /// The most bytes of an answer.
  public var answerBytes = 32 << 20
  public var retries = RetryPolicy()

  public init() {}
}

/// How often and when to repeat a request that a busy node put off. Sending the same bytes twice is safe: a transaction is
/// applied at most once.
public struct RetryPolicy: Hashable, Sendable {
  /// How many times a request is sent in total.
  public var attempts = 6
  /// The first pause, if the node gives none; it doubles each time.
  public var firstPause: Duration = .milliseconds(100)
  /// The longest pause, even if the node asks for a longer one.
  public var longestPause: Duration = .seconds(5)

  public init() {}

  /// The pause after attempt number `attempt` (from 1), or nil if there are no more attempts. `spread`, from 0 to 1, prevents
  /// many clients from returning at once.
  public func pause(after attempt: Int, asked: Duration?, spread: Double) -> Duration? {
    guard attempt < attempts else { return nil }
    let backoff = firstPause * (1 << min(attempt - 1, 16))
    let pause = min(max(asked ?? backoff, firstPause), longestPause)
    return pause + pause * (spread / 4)
  }
}
