package import Ledger
package import Primitives
package import Replica

/// The owner of a replica: all inputs and effects pass through it, in order.
package struct ReplicaHost: ~Copyable {
  package private(set) var replica: Replica
  /// The effects of the steps since they were last handed out.
  package private(set) var effects = ReplicaEffects()
  private var outbox = Outbox()
  private var copy: SnapshotCopy?
  private let pace: SnapshotPace
  private var hadWork = false

  package init(_ replica: consuming Replica, pace: SnapshotPace = SnapshotPace()) {
    self.replica = replica
    self.pace = pace
  }

  package mutating func step(_ input: ReplicaInput, now: Now) {
    replica.step(input, now: now, effects: &effects)
  }

  /// Tries a transaction without effect.
  package mutating func preview(
    _ draft: TransactionDraft, now: Timestamp
  ) throws(SubmissionRefusal) -> TransactionPreview {
    try replica.preview(draft, now: now)
  }

  /// Makes the replica continue from a state that was loaded from a snapshot. Returns false if it does not need it.
  package mutating func install(_ state: consuming LoadedState, now: Now, _ shell: borrowing some NodeShell) -> Bool {
    // Blocks that became final before are handed out before the base that replaces them.
    handOut(to: shell)
    return replica.install(state, now: now, effects: &effects)
  }

  /// When a tick or the next part of a snapshot is due.
  package var nextDeadline: Tick? {
    guard let copy else { return replica.nextDeadline }
    return min(replica.nextDeadline ?? copy.next, copy.next)
  }

  /// When the next part of a snapshot is due; nil while no copying is under way.
  package var nextCopy: Tick? { copy?.next }

  /// The number of frames that wait for the log.
  package var heldBack: Int { outbox.count }

  // MARK: Effects

  /// Hands out the replica's effects, records first because the stamps of the sends refer to them. If `keepsVote` is
  /// true, returns the verification of a single vote, if there is one, for the caller to do itself.
  @discardableResult
  package mutating func handOut(
    to shell: borrowing some NodeShell, keepsVote: Bool = false
  ) -> VerificationRequest? {
    var kept: VerificationRequest?
    // Before anything is sent, because a peer may have the number of another that left.
    if let peers = effects.peers { shell.know(peers) }
    if !effects.closings.isEmpty { shell.keep(effects.closings) }
    if !effects.records.isEmpty { shell.append(effects.records) }
    for request in effects.signings { shell.sign(request) }
    if !effects.commits.isEmpty { shell.commit(effects.commits) }
    let ready = outbox.release(effects.sends, durable: replica.durablePosition)
    if !ready.isEmpty { shell.send(ready) }
    for request in effects.verifications {
      if keepsVote, kept == nil, request.urgency == .votes, request.items.count == 1 {
        kept = request
      } else {
        shell.verify(request)
      }
    }
    for ticket in effects.urgentTickets { shell.hurry(ticket) }
    for (peer, ticket) in effects.droppedChecks { shell.dropChecks(of: peer, through: ticket) }
    for request in effects.ranges { shell.serve(.range(request)) }
    for request in effects.snapshotRequests { shell.serve(.snapshot(request)) }
    for step in effects.snapshotSteps { shell.snapshot(.step(step)) }
    for answer in effects.answers { shell.answer(answer) }
    for notice in effects.notices { shell.notice(notice) }
    effects.removeAll()
    if replica.hasOpenWork != hadWork {
      hadWork.toggle()
      shell.work(hadWork)
    }
    return kept
  }

  // MARK: Snapshots

  /// Copies the next part of a pinned state if one is due. Must be called after all effects have been handed out.
  package mutating func copyPinned(clock: () -> Tick, _ shell: borrowing some NodeShell) {
    guard let point = replica.pinnedPoint else { return copy = nil }
    var current = copy ?? SnapshotCopy(at: clock())
    if copy == nil { shell.snapshot(.begin(point.height, bound: replica.pinnedRowBound)) }
    copy = current
    guard current.next <= clock() else { return }
    var commands: [SnapshotCommand] = []
    let isMore = current.copy(&replica, pace, clock: clock, &commands)
    for command in commands { shell.snapshot(command) }
    copy = isMore ? current : nil
  }
}
