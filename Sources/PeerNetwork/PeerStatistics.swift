package import Primitives

/// What one peer's links did since the network started.
package struct PeerStatistics: Sendable, Hashable {
  package var id: PeerID
  package var name: String
  package var isConnected = false
  /// Links that were opened; all but the first are reconnects.
  package var connects: UInt64 = 0
  package var framesSent: UInt64 = 0
  package var bytesSent: UInt64 = 0
  package var framesReceived: UInt64 = 0
  package var bytesReceived: UInt64 = 0
  /// Frames that were given to `send` and never written: no link, a full queue, or a link that ended.
  package var framesDropped: UInt64 = 0
  package var bytesDropped: UInt64 = 0
  /// Frames and bytes that wait now.
  package var framesQueued = 0
  package var bytesQueued = 0
  /// The last fault of a link with this peer, or of a try to make one.
  package var lastFault: LinkFault?

  package init(id: PeerID, name: String) {
    self.id = id
    self.name = name
  }

  package var reconnects: UInt64 { connects > 0 ? connects - 1 : 0 }
  /// What `lastFault` says, for people.
  package var lastErrorText: String? { lastFault?.explanation }
}

/// What a network did since it started.
package struct PeerNetworkStatistics: Sendable, Hashable {
  /// How often a fault happened.
  package struct FaultCount: Sendable, Hashable {
    package var code: String
    package var count: UInt64
  }

  /// In the order of their indexes, without the own node.
  package var peers: [PeerStatistics]
  /// In the order of their codes.
  package var faults: [FaultCount]
  /// Connections that were accepted, and those of them that have not yet proved who they are.
  package var accepted: UInt64
  package var pending: Int
  /// The last fault of a connection that belongs to no known peer.
  package var lastStrangerFault: LinkFault?

  package func count(of code: String) -> UInt64 { faults.first { $0.code == code }?.count ?? 0 }
}
