internal import Primitives

/// All limits of the network in one place. Times are in milliseconds.
package struct PeerNetworkLimits: Sendable {
  /// The number and bytes of frames that may wait for one peer, including those handed to its socket but not yet
  /// written.
  package var queueFrames = Limits.peerQueueFrames
  package var queueBytes = Limits.peerQueueBytes
  /// Bytes that may be handed to a socket without having been accepted by the system.
  package var writeWindowBytes = 256 << 10
  /// The time from the first packet to the end of the hello, including TLS. Also the time-out of a dial.
  package var handshakeMilliseconds: Int64 = 5_000
  /// A link that has written nothing for this long sends a sign of life.
  package var keepAliveMilliseconds: Int64 = 5_000
  /// A link that has heard nothing for this long is dead.
  package var silenceMilliseconds: Int64 = 15_000
  /// The pause before the first redial, which doubles with each failure up to the maximum.
  package var backoffMinimumMilliseconds: Int64 = 100
  package var backoffMaximumMilliseconds: Int64 = 5_000
  /// How much longer a node waits before each dial of a peer that is to dial this node. That peer may know neither this node's
  /// present address nor its key.
  package var patienceMilliseconds: Int64 = 30_000
  /// The same for the first dial: after a restart, the peer may be in one of the long pauses between its own dials.
  package var firstPatienceMilliseconds: Int64 = 300
  /// The pause after a peer misbehaved, which doubles each time up to the maximum. 0: none.
  package var misbehaviourMinimumMilliseconds: Int64 = 1_000
  package var misbehaviourMaximumMilliseconds: Int64 = 60_000
  /// A peer that has behaved for this long starts again from the shortest pause.
  package var forgivenessMilliseconds: Int64 = 600_000
  /// How many links that one peer dials are taken at once, and the time after which one more is taken.
  package var linkBurst: Int64 = 16
  package var linkIntervalMilliseconds: Int64 = 2_000
  /// How long a closing link waits for the other side's TLS close.
  package var closeMilliseconds: Int64 = 500
  /// The number of accepted connections that have not yet proved who they are, besides one from the address of each known
  /// peer. One more closes the oldest of them.
  package var pendingConnections = 64
  /// How many of them may come from one address, or with IPv6 from one network of 64 bits, so that a stranger needs many
  /// addresses to close those of others.
  package var pendingConnectionsPerAddress = 16
  /// The number of accepted connections that have been ended but are not closed yet. Beyond it, no connection is
  /// accepted.
  package var closingConnections = 128

  package init() {}

  /// For how long a link may meet one that the other side began to dial before it knew of the first; see `LinkOrigin`.
  var crossingMilliseconds: Int64 { 4 * handshakeMilliseconds }

  /// Refuses limits with which no link could work.
  func check(_ frames: FrameLimits) throws(PeerNetworkError) {
    guard queueFrames > 0, queueBytes >= frames.largest else {
      throw .badLimits(
        "a queue of \(queueFrames) frames and \(queueBytes) bytes cannot hold a frame of \(frames.largest) bytes")
    }
    guard writeWindowBytes >= 1024 else {
      throw .badLimits("the write window has \(writeWindowBytes) bytes, below 1024")
    }
    guard pendingConnections > 0, pendingConnectionsPerAddress > 0, closingConnections > 0 else {
      throw .badLimits("the limits of pending and of closing connections must be at least 1")
    }
    guard handshakeMilliseconds > 0, keepAliveMilliseconds > 0, closeMilliseconds > 0,
      silenceMilliseconds >= 2 * keepAliveMilliseconds
    else { throw .badLimits("silence is noticed before the second keep-alive of a peer, or a time is not positive") }
  }
}
