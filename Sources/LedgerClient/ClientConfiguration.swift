/// How a client reaches its nodes.
public struct ClientConfiguration: Sendable {
  /// Sent as `Authorization: Bearer …` where the node asks for it.
  public var token: String?
  /// A PEM file of the certificates to trust for `https` in place of the system's.
  public var trustedCertificates: String?
  /// Connections to one node at most; requests beyond them wait for one.
  public var connections = 8
  /// How long to wait for a connection.
  public var connectTimeout: Duration = .seconds(5)
  /// How long to wait for an answer, beyond the time that a request asks the node to wait.
  public var answerTimeout: Duration = .seconds(30)
  /// Bytes of an answer at most.
  public var answerBytes = 32 << 20
  public var retries = RetryPolicy()

  public init() {}
}

/// How often and when a request that a busy node put off is sent again. Sending the same bytes twice is safe: a
/// transaction is applied once.
public struct RetryPolicy: Hashable, Sendable {
  /// Times that a request is sent in all.
  public var attempts = 6
  /// The first pause if the node names none; it doubles each time.
  public var firstPause: Duration = .milliseconds(100)
  /// The longest pause, also if the node asks for a longer one.
  public var longestPause: Duration = .seconds(5)

  public init() {}

  /// The pause after attempt number `attempt` (from 1), or nil if there are to be no more. `spread`, from 0 to 1, keeps
  /// many clients from coming back together.
  public func pause(after attempt: Int, asked: Duration?, spread: Double) -> Duration? {
    guard attempt < attempts else { return nil }
    let backoff = firstPause * (1 << min(attempt - 1, 16))
    let pause = min(max(asked ?? backoff, firstPause), longestPause)
    return pause + pause * (spread / 4)
  }
}
