internal import Primitives

/// Messages of the next epoch, unread, from peers that have begun it before this node: the newest proposal of each, and its
/// last two votes. Without them each new epoch would begin with waiting for the others to repeat themselves.
struct EpochShelf {
  private struct Kept {
    var proposal: [UInt8]?
    var votes: [[UInt8]] = []
  }

  private static let votes = 2

  private var kept: [PeerID: Kept] = [:]
  /// Bytes of the proposals. Votes are short, and so few that they are always kept.
  private(set) var bytes = 0

  /// Keeps a frame that is a proposal or a vote. Larger proposals make room for smaller ones, so that few peers cannot keep
  /// out the rest. What finds no room is said again by its sender.
  mutating func put(_ frame: [UInt8], isProposal: Bool, from peer: PeerID) {
    var own = kept[peer] ?? Kept()
    if isProposal {
      let more = frame.count - (own.proposal?.count ?? 0)
      while bytes + more > Limits.shelfBytes {
        guard let (largest, size) = largest(except: peer), size > frame.count else { return }
        kept[largest]?.proposal = nil
        bytes -= size
      }
      bytes += more
      own.proposal = frame
    } else {
      if own.votes.count == Self.votes { own.votes.removeFirst() }
      own.votes.append(frame)
    }
    kept[peer] = own
  }

  /// The peer whose proposal takes most.
  private func largest(except peer: PeerID) -> (PeerID, Int)? {
    let sizes = kept.compactMap { other, kept in kept.proposal.map { (other, $0.count) } }.filter { $0.0 != peer }
    return sizes.max { ($0.1, $0.0) < ($1.1, $1.0) }
  }

  mutating func disconnect(_ peer: PeerID) {
    guard let own = kept.removeValue(forKey: peer) else { return }
    bytes -= own.proposal?.count ?? 0
  }

  /// Removes and returns everything, the proposals first: votes are about them.
  mutating func takeAll() -> [(peer: PeerID, frame: [UInt8])] {
    let peers = kept.keys.sorted()
    let proposals = peers.compactMap { peer in kept[peer]?.proposal.map { (peer: peer, frame: $0) } }
    let votes = peers.flatMap { peer in (kept[peer]?.votes ?? []).map { (peer: peer, frame: $0) } }
    self = EpochShelf()
    return proposals + votes
  }
}
