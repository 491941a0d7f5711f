/// How often, and after which pauses, to repeat a request that a busy node put off. Sending the same bytes twice is
/// safe: a transaction is applied at most once.
public struct RetryPolicy: Hashable, Sendable {
  /// How many times a request is sent in total.
  public var attempts = 6
  /// The first pause if the node asks for none; it doubles each time.
  public var firstPause: Duration = .milliseconds(100)
  /// The longest pause, even if the node asks for a longer one.
  public var longestPause: Duration = .seconds(5)

  public init() {}

  /// The pause after attempt number `attempt` (from 1), or nil if there are no more attempts. `asked` is the pause that
  /// the node asked for. `spread`, from 0 to 1, lengthens the pause by up to a quarter, so that many clients do not
  /// return at the same moment.
  public func pause(after attempt: Int, asked: Duration?, spread: Double) -> Duration? {
    guard attempt < attempts else { return nil }
    let backoff = firstPause * (1 << min(attempt - 1, 16))
    let pause = min(max(asked ?? backoff, firstPause), longestPause)
    return pause + pause * (spread / 4)
  }
}
