internal import Consensus
internal import Ledger
internal import Primitives

/// What a verification ticket is for.
enum PendingWork {
  case transactions([IncomingTransaction], from: PeerID?)
  case vote(Vote, from: PeerID)
  case proposal(Vote, Block, from: PeerID)
  case certificate(Certificate, from: PeerID)
  /// Transactions of a proposed block that this node has not checked before.
  case block(View)
  case range(VerifiedRange, from: PeerID)
  /// Of a snapshot, with the chunks of it that are here; from the own disk if no peer sent it.
  case manifest(SnapshotManifest, chunks: Set<Int>, from: PeerID?)

  var urgency: VerificationRequest.Urgency {
    switch self {
    case .vote, .proposal, .certificate, .range, .manifest: .votes
    case .block: .block
    case .transactions: .transactions
    }
  }

  /// Who caused the work, if a peer did.
  var peer: PeerID? {
    switch self {
    case .transactions(_, let peer), .manifest(_, _, let peer): peer
    case .vote(_, let peer), .proposal(_, _, let peer), .certificate(_, let peer), .range(_, let peer): peer
    case .block: nil
    }
  }
}

/// A decoded transaction whose signatures are being checked.
struct IncomingTransaction {
  var transaction: SignedTransaction
  /// Who waits for this very check, beside those in `Replica.verifying`.
  var token: SubmissionToken?
}

/// Transactions with one id may differ in their signatures: whoever sent other bytes waits for a check of its own.
struct PendingTransaction {
  var bytes: [UInt8]
  /// The check that it is part of.
  var ticket: Ticket
  var tokens: [SubmissionToken]
}

/// The own turn: a block is to be built.
struct PendingBuild {
  var round: Round
  var parent: BlockReference
  /// The block only carries finality forward.
  var isEmptyWanted: Bool
  /// Not before this tick, because the chain's time runs ahead of the clock.
  var notBefore: Tick?
}

/// A proposal whose block is to be judged before the notarize vote.
struct PendingCheck {
  enum Stage {
    /// Waits for the block or for its parent.
    case waiting
    /// Content is valid; signatures are on the worker pool, under these tickets.
    case verifying(Set<Ticket>)
  }

  var proposal: Proposal
  var parent: BlockReference
  var stage = Stage.waiting
  /// The block without its signatures was found valid on its parent.
  var isContentValid = false
  /// Places in the block of transactions whose signatures are checked for it.
  var places: Set<Int> = []
  /// It has waited for checks of transactions that were under way already; it does so once, as these may fail.
  var hasAwaited = false
}

/// A notarized block that is to be executed.
struct PendingCertification {
  var proposal: Proposal
  var parent: BlockReference
}

/// A block that is asked for by digest.
struct WantedBlock {
  var view: View
  var nextAsk: Tick
  var asked = 0
}
