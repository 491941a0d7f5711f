package import Primitives
package import Replica

/// Something that a peer asks this node to read.
package enum PeerRequest: Sendable {
  case range(RangeRequest)
  case snapshot(SnapshotRequest)
  /// A final block with its execution record and proof, for a log that was damaged.
  case final(peer: PeerID, Height)

  package var peer: PeerID {
    switch self {
    case .range(let request): request.peer
    case .snapshot(.manifest(let peer, _)), .snapshot(.chunk(let peer, _, _)), .final(let peer, _): peer
    }
  }
}
