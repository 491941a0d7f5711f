internal import NIOCore
internal import Node
internal import Primitives

/// All limits of the HTTP front; see Documentation/api.md, "Requests and connections".
struct FrontLimits: Sendable {
  /// The number of connections, and the bytes of all request bodies and of large answers that wait for their clients.
  var connections: Int
  var memory: Int
  /// One address's share of both limits, as a divisor.
  var addressShare: Int
  /// The time allowed for a request's head from its first byte, and between two bytes of a body or an answer.
  var requestTimeout: TimeAmount
  /// The time for which a connection may have no request.
  var idleTimeout: TimeAmount

  /// Bytes of a body, bytes of all fields of a head together, and the number of fields in a head.
  var bodyBytes = Limits.requestBodyBytes
  var headBytes = 16 << 10
  var headFields = 100
  /// The average rate, in bytes per second, at which a body or an answer must move, after an allowance of one time-out.
  var bytesPerSecond = 16 << 10
  /// Bytes that are read from a connection, and passed to the parser, in one go.
  var readBytes = 16 << 10
  var parsedBytes = 4 << 10
  /// Bytes of later requests that are kept while one is being answered, if the client has closed its side meanwhile.
  var aheadBytes = 64 << 10
  /// The size up to which an answer is always written, no matter what else waits.
  var smallAnswerBytes = 64 << 10
  /// How long work on a request continues after its client has closed its side.
  var abandonedTime = TimeAmount.seconds(1)
  /// How long the rest of a refused request is read and dropped, so that the client can read the refusal.
  var lingeringTime = TimeAmount.seconds(2)
  /// The same time for a connection for which there is no room.
  var crowdedLingeringTime = TimeAmount.milliseconds(250)
  /// The time from the call to stop until every connection is closed.
  var drainTime = TimeAmount.seconds(5)
  /// Seconds after which a request for which there was no room may be sent again.
  var retryAfter = 1
}

extension FrontLimits {
  /// `connections` is the number of connections that the process has descriptors for.
  init(_ settings: NodeSettings, connections: Int) {
    self.init(
      connections: connections, memory: settings.apiMemory, addressShare: settings.apiAddressShare,
      requestTimeout: .seconds(Int64(settings.apiTimeout)), idleTimeout: .seconds(Int64(settings.apiIdle)))
  }
}
