internal import Primitives
package import Replica

/// Where a replica's effects go: threads and sockets in a node, events in a simulation. None of these may wait.
package protocol NodeShell {
  /// For the journal: records that the stamps of later sends count.
  func append(_ records: [PendingRecord])
  /// For the journal: blocks that became final.
  func commit(_ commits: [Commit])
  /// Frames that may leave now.
  func send(_ sends: [Send])
  func verify(_ request: VerificationRequest)
  /// A check that was asked for before is as urgent as a block's own now.
  func hurry(_ ticket: Ticket)
  /// For the responder.
  func serve(_ request: PeerRequest)
  /// For the snapshot jobs.
  func snapshot(_ command: SnapshotCommand)
  func answer(_ answer: SubmissionAnswer)
  func notice(_ notice: Notice)
  /// There is something that is to become final, or nothing any more.
  func work(_ isOpen: Bool)
}
