package import Ledger
package import Primitives
package import Replica

/// The receiver of a replica's effects: threads and sockets in a node, events in a simulation. None of these methods
/// may block.
package protocol NodeShell {
  /// Closings that were fetched: for the journal, and to be known from now on.
  func keep(_ closings: [Closing])
  /// For the journal: records to which the stamps of later sends refer.
  func append(_ records: [PendingRecord])
  /// For the signer, which works while the journal does: the answer is an input of the replica.
  func sign(_ request: SigningRequest)
  /// For the journal: blocks that became final.
  func commit(_ commits: [Commit])
  /// Frames that may be sent now.
  func send(_ sends: [Send])
  func verify(_ request: VerificationRequest)
  /// A verification requested earlier is now as urgent as a block's own.
  func hurry(_ ticket: Ticket)
  /// Verifications of what this peer sent, up to this ticket, need not be answered any more.
  func dropChecks(of peer: PeerID, through ticket: Ticket)
  /// For the responder.
  func serve(_ request: PeerRequest)
  /// For the snapshot jobs.
  func snapshot(_ command: SnapshotCommand)
  func answer(_ answer: SubmissionAnswer)
  func notice(_ notice: Notice)
  /// These nodes may be linked from now on, and no others.
  func know(_ peers: [KnownPeer])
  /// There now is work to be made final, or no longer any.
  func work(_ isOpen: Bool)
}
