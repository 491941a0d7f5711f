internal import Cryptography
internal import DequeModule
internal import Ledger
internal import Primitives
internal import Replica
internal import Synchronization

/// The one thread that owns the replica: every input and every effect passes through it, in order.
///
/// It is also the choke point of "persist, then send": a frame whose stamp is not durable yet stays in the
/// outbox.
final class ReplicaLoop: Sendable {
  enum Item: Sendable {
    case input(ReplicaInput)
    /// Reads from the replica between two steps.
    case query(@Sendable (borrowing Replica) -> Void)
    /// A state that was loaded from a snapshot.
    case install(Handover<LoadedState>)
  }

  /// Where effects go. Called on the loop's thread; none of these may wait.
  struct Outlets: Sendable {
    var append: @Sendable ([PendingRecord]) -> Void
    var send: @Sendable ([Send]) -> Void
    var verify: @Sendable (VerificationRequest) -> Void
    /// Answers at once, on the loop's thread.
    var verifyHere: @Sendable (VerificationRequest, inout SignatureVerifier) -> [Bool]
    var hurry: @Sendable (Ticket) -> Void
    var serve: @Sendable (RangeRequest) -> Void
    var serveSnapshot: @Sendable (SnapshotRequest) -> Void
    var snapshot: @Sendable (SnapshotThread.Work) -> Void
    var commit: @Sendable ([Commit]) -> Void
    var answer: @Sendable (SubmissionAnswer) -> Void
    var notice: @Sendable (Notice) -> Void
    /// There is something that is to become final, or there is nothing any more.
    var work: @Sendable (Bool) -> Void
    /// The mailbox has room again after it refused something.
    var drained: @Sendable () -> Void
  }

  /// Inputs that wait at most; frames and submissions beyond are pushed back.
  static let inputLimit = 16_384
  /// Inputs between two dispatches of effects: bounds what one burst can delay a vote.
  private static let stepsPerDispatch = 64

  /// Bytes of frames that wait at most before peers are pushed back.
  private static let frameByteLimit = 64 << 20

  /// Rows of a pinned state that are copied at once, which takes a millisecond or two, and the pause until the next
  /// piece: a snapshot takes a tenth of the loop's time at most.
  private static let copiedRows = 4096
  private static let copyPause: UInt64 = 10_000

  private let suite: Suite
  private let mailbox = Mailbox<Item>(limit: ReplicaLoop.inputLimit)
  private let frameBytes = Atomic<Int>(0)

  init(suite: Suite) { self.suite = suite }

  /// Puts an input that may be pushed back; false if the loop is full or stopped.
  func offer(_ input: ReplicaInput) -> Bool { mailbox.offer(.input(input)) }

  /// Puts an answer to the loop's own requests.
  func post(_ input: ReplicaInput) { mailbox.force(.input(input)) }

  /// Hands over a state that was loaded from a snapshot.
  func install(_ state: Handover<LoadedState>) { mailbox.force(.install(state)) }

  /// Reads from the replica between two steps; nil once the loop is closed.
  func query<Answer: Sendable>(_ body: @escaping @Sendable (borrowing Replica) -> Answer) async -> Answer? {
    await withCheckedContinuation { continuation in
      let isTaken = mailbox.force(.query { replica in continuation.resume(returning: body(replica)) })
      if !isTaken { continuation.resume(returning: nil) }
    }
  }

  /// Takes a frame of a peer, which must be taken once it was read.
  func receive(_ bytes: [UInt8], from peer: PeerID) {
    frameBytes.add(bytes.count, ordering: .relaxed)
    mailbox.force(.input(.frame(from: peer, bytes: bytes)))
  }

  var hasRoom: Bool { mailbox.hasRoom && frameBytes.load(ordering: .relaxed) < Self.frameByteLimit }

  /// After it, `run` finishes what waits and returns.
  func close() { mailbox.close() }

  /// Runs until closed.
  func run(_ replica: inout Replica, _ outlets: Outlets) {
    var batch: Deque<Item> = []
    var effects = ReplicaEffects()
    var outbox: Deque<Send> = []
    var copy: Copy?
    var verifier = SignatureVerifier(suite)
    var hadWork = false
    replica.step(.tick, now: Clock.now(), effects: &effects)
    dispatch(&effects, replica, &outbox, outlets)
    while mailbox.take(into: &batch, waitingAtMost: wait(for: replica, copy)) {
      let wasFull = !hasRoom || batch.count > Self.inputLimit / 2
      var steps = 0
      for item in batch {
        switch item {
        case .input(let input):
          replica.step(input, now: Clock.now(), effects: &effects)
          if case .frame(_, let bytes) = input { frameBytes.subtract(bytes.count, ordering: .relaxed) }
        case .query(let body): body(replica)
        case .install(let state):
          // What became final before is handed over before the base that takes its place.
          dispatch(&effects, replica, &outbox, outlets)
          replica.install(state.take(), now: Clock.now(), effects: &effects)
        }
        steps += 1
        if steps.isMultiple(of: Self.stepsPerDispatch) { dispatch(&effects, replica, &outbox, outlets) }
      }
      // After the inputs, so that an answer that is already here comes before its time-out.
      if let deadline = replica.nextDeadline, deadline <= Clock.tick() {
        replica.step(.tick, now: Clock.now(), effects: &effects)
      }
      // With nothing else to do the loop checks a vote itself: that is less than to wake a worker and be woken by it.
      while let own = dispatch(&effects, replica, &outbox, outlets, keepsVote: mailbox.isEmpty) {
        let answer = ReplicaInput.verified(own.ticket, outlets.verifyHere(own, &verifier))
        replica.step(answer, now: Clock.now(), effects: &effects)
      }
      copyPinned(&replica, &copy, outlets)
      if replica.hasOpenWork != hadWork {
        hadWork.toggle()
        outlets.work(hadWork)
      }
      if wasFull { outlets.drained() }
    }
  }

  private func wait(for replica: borrowing Replica, _ copy: Copy?) -> UInt64? {
    guard let deadline = [replica.nextDeadline, copy?.next].compactMap(\.self).min() else { return nil }
    return deadline.microseconds(since: Clock.tick())
  }

  /// How far the copying of a pinned state is.
  private struct Copy {
    var cursor = PinnedCursor()
    var next: Tick
    var longestPiece: UInt64 = 0
  }

  /// Copies the next piece of a pinned state, if it is time.
  private func copyPinned(_ replica: inout Replica, _ copy: inout Copy?, _ outlets: Outlets) {
    guard let point = replica.pinnedPoint else { return copy = nil }
    let begun = Clock.tick()
    var current = copy ?? Copy(next: begun)
    if copy == nil { outlets.snapshot(.begin(point.height, bound: replica.pinnedRowBound)) }
    guard current.next <= begun else { return }
    var batch = StateEntryBatch()
    let isMore = replica.copyPinned(&current.cursor, rows: Self.copiedRows, into: &batch)
    let end = Clock.tick()
    current.longestPiece = max(current.longestPiece, end.microseconds(since: begun))
    outlets.snapshot(.batch(batch))
    if !isMore { outlets.snapshot(.copied(longestPiece: current.longestPiece)) }
    current.next = end.advanced(byMicroseconds: Self.copyPause)
    copy = isMore ? current : nil
  }

  /// Hands out what the replica wants done. Returns one vote's check that the loop is to do itself, if it `keepsVote` and
  /// there is one.
  @discardableResult
  private func dispatch(
    _ effects: inout ReplicaEffects, _ replica: borrowing Replica, _ outbox: inout Deque<Send>, _ outlets: Outlets,
    keepsVote: Bool = false
  ) -> VerificationRequest? {
    var kept: VerificationRequest?
    if !effects.records.isEmpty { outlets.append(effects.records) }
    if !effects.commits.isEmpty { outlets.commit(effects.commits) }
    release(&effects.sends, durable: replica.durablePosition, &outbox, outlets)
    for request in effects.verifications {
      if keepsVote, kept == nil, request.urgency == .votes, request.items.count == 1 {
        kept = request
      } else {
        outlets.verify(request)
      }
    }
    for ticket in effects.urgentTickets { outlets.hurry(ticket) }
    for request in effects.ranges { outlets.serve(request) }
    for request in effects.snapshotRequests { outlets.serveSnapshot(request) }
    for step in effects.snapshotSteps { outlets.snapshot(.step(step)) }
    for answer in effects.answers { outlets.answer(answer) }
    for notice in effects.notices { outlets.notice(notice) }
    effects.removeAll()
    return kept
  }

  /// Lets go of what is durable, old before new.
  private func release(
    _ sends: inout [Send], durable: LogPosition, _ outbox: inout Deque<Send>, _ outlets: Outlets
  ) {
    var ready: [Send] = []
    while let first = outbox.first, first.after <= durable {
      ready.append(first)
      outbox.removeFirst()
    }
    for send in sends {
      // Stamps rise over time, so an outbox in order of arrival is in order of stamps.
      if send.after <= durable { ready.append(send) } else { outbox.append(send) }
    }
    if !ready.isEmpty { outlets.send(ready) }
  }
}
