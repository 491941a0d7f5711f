/// What a network has done since it started.
package struct PeerNetworkStatistics: Sendable, Hashable {
  /// How often a fault happened.
  package struct FaultCount: Sendable, Hashable {
    package var code: String
    package var count: UInt64
  }

  /// Those that are listed now, in ascending order of their ids.
  package var peers: [PeerStatistics]
  /// In the order of their codes.
  package var faults: [FaultCount]
  /// The number of accepted connections, and of those that have not yet proved who they are.
  package var accepted: UInt64
  package var pending: Int
  /// The last fault of a connection that belongs to no known peer.
  package var lastStrangerFault: LinkFault?

  package func count(of code: String) -> UInt64 { faults.first { $0.code == code }?.count ?? 0 }
}
