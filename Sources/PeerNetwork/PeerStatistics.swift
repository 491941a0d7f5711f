package import Primitives

/// What one peer's links have done since the network started, or since the peer was last listed anew.
package struct PeerStatistics: Sendable, Hashable {
  package var id: PeerID
  package var name: String
  package var isConnected = false
  /// The number of links that were opened; all but the first are reconnects.
  package var connects: UInt64 = 0
  package var framesSent: UInt64 = 0
  package var bytesSent: UInt64 = 0
  package var framesReceived: UInt64 = 0
  package var bytesReceived: UInt64 = 0
  /// Frames that were given to `send` but never completely written: there was no link, the queue was full, or the link
  /// ended.
  package var framesDropped: UInt64 = 0
  package var bytesDropped: UInt64 = 0
  /// Frames and bytes that are waiting or in flight now.
  package var framesQueued = 0
  package var bytesQueued = 0
  /// The last fault of a link with this peer, or of an attempt to make one.
  package var lastFault: LinkFault?

  package init(id: PeerID, name: String) {
    self.id = id
    self.name = name
  }

  package var reconnects: UInt64 { connects > 0 ? connects - 1 : 0 }
  /// The explanation of `lastFault`, for people.
  package var lastErrorText: String? { lastFault?.explanation }
}
