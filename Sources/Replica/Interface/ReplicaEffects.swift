package import Ledger
package import Primitives

/// What the shell must do after one step. Records come first, because the stamps of the sends refer to them.
package struct ReplicaEffects: ~Copyable {
  /// Closings that were fetched, to be stored before the records.
  package var closings: [Closing] = []
  package var records: [PendingRecord] = []
  /// Statements that were recorded, to be signed meanwhile.
  package var signings: [SigningRequest] = []
  package var sends: [Send] = []
  package var verifications: [VerificationRequest] = []
  /// Verifications requested earlier that a block now waits for; they are as urgent as the block's own.
  package var urgentTickets: [Ticket] = []
  /// Peers whose verifications, up to a ticket, need not be answered any more.
  package var droppedChecks: [(peer: PeerID, through: Ticket)] = []
  package var ranges: [RangeRequest] = []
  package var snapshotRequests: [SnapshotRequest] = []
  package var snapshotSteps: [SnapshotStep] = []
  package var commits: [Commit] = []
  package var answers: [SubmissionAnswer] = []
  package var notices: [Notice] = []
  /// The nodes that may be linked from now on; nil if that has not changed.
  package var peers: [KnownPeer]?

  package init() {}

  package mutating func removeAll() {
    closings.removeAll()
    records.removeAll(keepingCapacity: true)
    signings.removeAll(keepingCapacity: true)
    sends.removeAll(keepingCapacity: true)
    verifications.removeAll(keepingCapacity: true)
    urgentTickets.removeAll(keepingCapacity: true)
    droppedChecks.removeAll(keepingCapacity: true)
    ranges.removeAll(keepingCapacity: true)
    snapshotRequests.removeAll(keepingCapacity: true)
    snapshotSteps.removeAll(keepingCapacity: true)
    commits.removeAll(keepingCapacity: true)
    answers.removeAll(keepingCapacity: true)
    notices.removeAll(keepingCapacity: true)
    peers = nil
  }
}
