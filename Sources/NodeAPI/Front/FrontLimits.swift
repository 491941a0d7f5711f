internal import NIOCore
internal import Node
internal import Primitives

/// Every bound of the HTTP front in one place: Documentation/api.md, "Connections and their limits".
struct FrontLimits: Sendable {
  /// Connections at once, and the bytes of all request bodies and of large answers that wait for their clients.
  var connections: Int
  var memory: Int
  /// One address's share of both, as a divisor.
  var addressShare: Int
  /// From the first byte of a request's head to its end, and between two bytes of a body or of an answer.
  var requestTimeout: TimeAmount
  /// Without a request.
  var idleTimeout: TimeAmount

  /// Bytes of a body, and of a head's fields together; fields of a head.
  var bodyBytes = Limits.requestBodyBytes
  var headBytes = 16 << 10
  var headFields = 100
  /// Bytes of a body or an answer that move in a second on average, the time-out once left out of account.
  var bytesPerSecond = 16 << 10
  /// Bytes that are read from a connection, and handed to the parser, at once.
  var readBytes = 16 << 10
  var parsedBytes = 4 << 10
  /// Bytes of an answer that is always written, whatever else waits.
  var smallAnswerBytes = 64 << 10
  /// How long a request is worked on after its client has closed its side.
  var abandonedTime = TimeAmount.seconds(1)
  /// How long the rest of a refused request is read and dropped, so that the client gets to read the refusal.
  var lingeringTime = TimeAmount.seconds(2)
  /// The same of a connection for which there is no room.
  var crowdedLingeringTime = TimeAmount.milliseconds(250)
  /// From the call to stop until every connection is closed.
  var drainTime = TimeAmount.seconds(5)
  /// Seconds after which a request that found no room may be sent again.
  var retryAfter = 1
}

extension FrontLimits {
  /// `connections` is what the process has descriptors for.
  init(_ settings: NodeSettings, connections: Int) {
    self.init(
      connections: connections, memory: settings.apiMemory, addressShare: settings.apiAddressShare,
      requestTimeout: .seconds(Int64(settings.apiTimeout)), idleTimeout: .seconds(Int64(settings.apiIdle)))
  }
}
