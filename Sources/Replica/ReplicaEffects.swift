package import Cryptography
internal import Ledger
package import Primitives

/// Who receives a frame.
package enum Audience: Equatable, Sendable {
  case peer(PeerID)
  /// Every other validator.
  case all
}

/// A frame that may leave once the log is durable up to `after`.
package struct Send: Equatable, Sendable {
  package var to: Audience
  package var frame: [UInt8]
  package var after: LogPosition
}

/// Names a piece of work given out, so that its answer finds its way back.
package struct Ticket: Hashable, Sendable {
  package var number: UInt64

  package init(number: UInt64) { self.number = number }
}

/// Signatures to check on the worker pool. The answer says for each whether it holds.
package struct VerificationRequest: Sendable {
  /// What goes before what: else a flood of transactions would stop views, and a large block the votes on it.
  package enum Urgency: Int, CaseIterable, Comparable, Sendable {
    case votes, block, transactions

    package static func < (left: Urgency, right: Urgency) -> Bool { left.rawValue < right.rawValue }
  }

  package var ticket: Ticket
  package var items: [VerificationItem]
  package var urgency: Urgency

  package init(ticket: Ticket, items: [VerificationItem], urgency: Urgency) {
    self.ticket = ticket
    self.items = items
    self.urgency = urgency
  }
}

/// A peer asks for finalized blocks from `from` on: the shell reads them from the log and answers.
package struct RangeRequest: Equatable, Sendable {
  package var peer: PeerID
  package var from: Height
}

/// A peer asks for a snapshot: the shell reads it from its disk and answers.
package enum SnapshotRequest: Equatable, Sendable {
  /// The manifest of the newest one above a height.
  case manifest(peer: PeerID, above: Height)
  case chunk(peer: PeerID, height: Height, index: Int)
}

/// What the shell is to do for a snapshot that is being fetched.
package enum SnapshotStep: Equatable, Sendable {
  /// A new one begins: its manifest, checked. What was fetched of another is thrown away.
  case begin(Height, manifest: [UInt8])
  /// A chunk of it, checked.
  case store(Height, index: Int, bytes: [UInt8])
  /// All chunks were handed over: load the state and give it to `Replica.install`.
  case assemble(Height)
}

/// Names a submitted transaction towards whoever submitted it.
package struct SubmissionToken: Hashable, Sendable {
  package var number: UInt64
  package init(number: UInt64) { self.number = number }
}

/// A transaction that was taken.
package struct Acceptance: Hashable, Sendable {
  package var id: Digest
  /// It was in a final block before; else it waits for one.
  package var isFinal: Bool

  package init(id: Digest, isFinal: Bool = false) {
    self.id = id
    self.isFinal = isFinal
  }
}

/// What became of a submission at this node: it waits for a block now, or it never will.
package struct SubmissionAnswer: Sendable {
  package var token: SubmissionToken
  package var answer: Result<Acceptance, SubmissionRefusal>

  package init(token: SubmissionToken, answer: Result<Acceptance, SubmissionRefusal>) {
    self.token = token
    self.answer = answer
  }
}

/// What the shell is to do after one step, in the order of the fields: records first, because the stamps of
/// the sends count them.
package struct ReplicaEffects: ~Copyable {
  package var records: [PendingRecord] = []
  package var sends: [Send] = []
  package var verifications: [VerificationRequest] = []
  /// Checks asked for before, for which a block waits now: they are as urgent as its own.
  package var urgentTickets: [Ticket] = []
  package var ranges: [RangeRequest] = []
  package var snapshotRequests: [SnapshotRequest] = []
  package var snapshotSteps: [SnapshotStep] = []
  package var commits: [Commit] = []
  package var answers: [SubmissionAnswer] = []
  package var notices: [Notice] = []

  package init() {}

  package mutating func removeAll() {
    records.removeAll(keepingCapacity: true)
    sends.removeAll(keepingCapacity: true)
    verifications.removeAll(keepingCapacity: true)
    urgentTickets.removeAll(keepingCapacity: true)
    ranges.removeAll(keepingCapacity: true)
    snapshotRequests.removeAll(keepingCapacity: true)
    snapshotSteps.removeAll(keepingCapacity: true)
    commits.removeAll(keepingCapacity: true)
    answers.removeAll(keepingCapacity: true)
    notices.removeAll(keepingCapacity: true)
  }
}

/// Something people want to know: the shell logs and counts it.
package enum Notice: Sendable {
  case enteredView(View)
  case gaveUp(View, reason: String)
  /// A peer sent something no correct node sends. The shell closes the link.
  case misbehaved(PeerID, code: String, explanation: String)
  /// Two contradicting statements by one validator.
  case equivocated(ValidatorIndex, first: Statement, second: Statement)
  /// This node has stopped voting.
  case stoppedVoting(StopReason)
  case listening
  case votingResumed(above: View)
  case catchingUp(from: Height, to: View)
  case caughtUp(Height)
  /// The state of a height is fetched from peers, in so many chunks, of which some may be here already.
  case joining(Height, chunks: Int, here: Int)
  /// The node stands on the state of a height that it fetched.
  case joined(Height)
  /// Waiting transactions that can no longer enter a block: expired, or a key or member is no longer good.
  case dropped([Digest])
  case rejectedBlock(View, code: String, explanation: String)
}

/// Why a node stopped voting for good; only a restart, or a person, changes that.
package enum StopReason: Error, Equatable, Sendable {
  case ownKeyElsewhere(Statement)
  case resultDiffers(Height, own: Digest, certified: Digest)
  /// Two certificates that cannot both exist unless more than f validators are faulty.
  case contradiction(Statement, Statement)
  case logFailed(String)
  case signing(SigningRefusal)
  /// A finalized block does not apply to the own state.
  case finalizedBlockInvalid(Height, explanation: String)
}
