/// The limits of requests for reading; see Documentation/api.md, "Requests and connections".
struct ReadLimits: Sendable {
  /// The number of requests that are read for at the same time, and of these with those that wait for their turn.
  var running = 8
  var open = 256
  /// One address's share of the second limit, as a divisor; see `ClientAddress.share`.
  var addressShare: Int
  /// What errors call the requests.
  var requests = "requests for reading"
  /// Seconds after which a request that was refused may be sent again.
  var retryAfter = 1
}
