internal import NodeCore
internal import Primitives
internal import Replica

/// The shell of a simulated node: what the host hands out, in order, until the cluster carries it out.
final class HandedOut: NodeShell {
  enum Effect {
    case records([PendingRecord])
    case commits([Commit])
    case sends([Send])
    case verify(VerificationRequest)
    case hurry(Ticket)
    case serve(PeerRequest)
    case snapshot(SnapshotCommand)
    case answer(SubmissionAnswer)
    case notice(Notice)
  }

  private(set) var effects: [Effect] = []

  func append(_ records: [PendingRecord]) { effects.append(.records(records)) }
  func commit(_ commits: [Commit]) { effects.append(.commits(commits)) }
  func send(_ sends: [Send]) { effects.append(.sends(sends)) }
  func verify(_ request: VerificationRequest) { effects.append(.verify(request)) }
  func hurry(_ ticket: Ticket) { effects.append(.hurry(ticket)) }
  func serve(_ request: PeerRequest) { effects.append(.serve(request)) }
  func snapshot(_ command: SnapshotCommand) { effects.append(.snapshot(command)) }
  func answer(_ answer: SubmissionAnswer) { effects.append(.answer(answer)) }
  func notice(_ notice: Notice) { effects.append(.notice(notice)) }
  func work(_ isOpen: Bool) {}
}
