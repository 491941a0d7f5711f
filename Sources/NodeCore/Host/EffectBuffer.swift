package import Ledger
package import Primitives
package import Replica

/// A shell that keeps what the host hands out, in order, until its owner carries it out.
package final class EffectBuffer: NodeShell {
  package enum Effect {
    case closings([Closing])
    case records([PendingRecord])
    case sign(SigningRequest)
    case commits([Commit])
    case sends([Send])
    case verify(VerificationRequest)
    case hurry(Ticket)
    case dropChecks(of: PeerID, through: Ticket)
    case serve(PeerRequest)
    indirect case snapshot(SnapshotCommand)
    indirect case answer(SubmissionAnswer)
    indirect case notice(Notice)
    case peers([KnownPeer])
  }

  package private(set) var effects: [Effect] = []

  package init() {}

  /// Makes the buffer ready for the next use, with the memory that it has.
  package func removeAll() { effects.removeAll(keepingCapacity: true) }

  package func keep(_ closings: [Closing]) { effects.append(.closings(closings)) }
  package func append(_ records: [PendingRecord]) { effects.append(.records(records)) }
  package func sign(_ request: SigningRequest) { effects.append(.sign(request)) }
  package func commit(_ commits: [Commit]) { effects.append(.commits(commits)) }
  package func send(_ sends: [Send]) { effects.append(.sends(sends)) }
  package func verify(_ request: VerificationRequest) { effects.append(.verify(request)) }
  package func hurry(_ ticket: Ticket) { effects.append(.hurry(ticket)) }
  package func dropChecks(of peer: PeerID, through ticket: Ticket) {
    effects.append(.dropChecks(of: peer, through: ticket))
  }
  package func serve(_ request: PeerRequest) { effects.append(.serve(request)) }
  package func snapshot(_ command: SnapshotCommand) { effects.append(.snapshot(command)) }
  package func answer(_ answer: SubmissionAnswer) { effects.append(.answer(answer)) }
  package func notice(_ notice: Notice) { effects.append(.notice(notice)) }
  package func know(_ peers: [KnownPeer]) { effects.append(.peers(peers)) }
  /// Not kept: `Replica.hasOpenWork` says the same.
  package func work(_ isOpen: Bool) {}
}
