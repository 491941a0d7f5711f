internal import Ledger
internal import Primitives

/// The purpose of a verification ticket.
enum PendingWork {
  case transactions([IncomingTransaction], from: PeerID?)
  case vote(Vote, from: PeerID)
  case proposal(Vote, Block, from: PeerID)
  case certificate(Certificate, from: PeerID)
  /// Transactions of the block proposed in a round that this node has not verified before.
  case block(Round)
  case range(VerifiedRange, from: PeerID)
  /// The manifest of a snapshot, with the chunks that are here; `from` is nil if it comes from the node's own disk.
  case manifest(SnapshotManifest, chunks: Set<Int>, from: PeerID?)
  case closings(Closings, from: PeerID)

  var urgency: VerificationRequest.Urgency {
    switch self {
    case .vote, .proposal, .certificate, .range, .manifest, .closings: .votes
    case .block: .block
    case .transactions: .transactions
    }
  }

  /// The peer that sent this of its own accord, so that it is given up when that peer has sent an invalid signature.
  /// Nil for what clients sent, for blocks, and for answers to this node's own questions, of which there are few.
  var source: PeerID? {
    switch self {
    case .transactions(_, let peer): peer
    case .vote(_, let peer), .proposal(_, _, let peer), .certificate(_, let peer): peer
    case .block, .range, .manifest, .closings: nil
    }
  }

  /// The peer whose share of the checks this takes, if one does. `Admission` counts the transactions of peers, so that
  /// many of them do not take the room of votes.
  var peer: PeerID? {
    switch self {
    case .manifest(_, _, let peer): peer
    case .vote(_, let peer), .proposal(_, _, let peer), .certificate(_, let peer), .range(_, let peer),
      .closings(_, let peer):
      peer
    case .transactions, .block: nil
    }
  }

  /// The bytes that this holds in memory and that a peer chose the size of.
  var bytes: Int {
    switch self {
    case .proposal(_, let block, _): block.bytes.count
    case .certificate(let certificate, _): certificate.signatures.count * MemoryLayout<Signature>.size
    case .range(let range, _): range.blocks.reduce(0) { $0 + $1.bytes.count }
    case .closings(let closings, _):
      closings.list.reduce(0) { $0 + $1.certificate.signatures.count * MemoryLayout<Signature>.size }
    case .vote, .block, .manifest, .transactions: 0
    }
  }
}
