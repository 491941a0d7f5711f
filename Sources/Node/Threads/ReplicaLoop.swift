internal import Cryptography
internal import DequeModule
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

/// The one thread that owns the replica and its host.
final class ReplicaLoop: Sendable {
  enum Item: Sendable {
    case input(ReplicaInput)
    /// Answers the questions that wait.
    case questions
    /// Wakes the loop for a transaction that is to be tried.
    case preview
    /// Installs a state that was loaded from a snapshot, and then the view of it.
    case install(Handover<LoadedState>, Handover<LedgerView>)
  }

  /// The maximum number of waiting inputs. Beyond it, submissions are refused.
  static let inputLimit = 16_384
  /// The number of inputs between two dispatches of effects, which bounds how long a burst can delay a vote.
  private static let stepsPerDispatch = 64

  private let suite: Suite
  private let mailbox = Mailbox<Item>(limit: ReplicaLoop.inputLimit)
  let questions = ReplicaQuestions()
  private let previews = PreviewQueue()
  let lanes: FrameLanes

  init(suite: Suite, peers: Int) {
    self.suite = suite
    lanes = FrameLanes(peers: peers)
  }

  /// The number of inputs that wait.
  var waiting: Int { mailbox.count }

  /// Queues an input that may be refused; false if the loop is full or closed.
  func offer(_ input: ReplicaInput) -> Bool { mailbox.offer(.input(input)) }

  /// Queues an input that must not be refused, such as an answer to one of the loop's own requests.
  func post(_ input: ReplicaInput) { mailbox.force(.input(input)) }

  /// Queues a state that was loaded from a snapshot, with a view of it.
  func install(_ state: Handover<LoadedState>, _ view: Handover<LedgerView>) {
    mailbox.force(.install(state, view))
  }

  /// The replica's status.
  func status() async throws -> ReplicaStatus {
    try await questions.status { mailbox.force(.questions) }
  }

  /// Nil if the replica's pool is empty.
  func largestShare() async throws -> Mempool.LargestShare? {
    try await questions.largestShare { mailbox.force(.questions) }
  }

  /// The transaction with this id if it waits in the replica's pool.
  func pending(_ id: Digest) async throws -> SignedTransaction? {
    try await questions.pending(id) { mailbox.force(.questions) }
  }

  /// What the newest executed block leaves under `key`, with its proof.
  func prove(_ key: StateKey) async throws -> TipProof {
    try await questions.prove(key) { mailbox.force(.questions) }
  }

  /// What a transaction would do above the newest executed block.
  func preview(_ draft: TransactionDraft) async throws -> TransactionPreview {
    try await previews.preview(draft) { mailbox.force(.preview) }
  }

  /// Queues a frame from a peer. It cannot be refused, because it has already been read; `lanes` limit further
  /// reading.
  func receive(_ bytes: [UInt8], from peer: PeerID) {
    lanes.add(bytes.count, of: peer)
    mailbox.force(.input(.frame(from: peer, bytes: bytes)))
  }

  /// Notes a frame that another part of the node handled, and that was a question or of no use.
  func waste(_ bytes: Int, from peer: PeerID) {
    lanes.add(bytes, of: peer)
    mailbox.force(.input(.waste(from: peer, bytes: bytes)))
  }

  /// Closes the queue: `run` processes what waits and returns.
  func close() { mailbox.close() }

  /// Runs the loop until it is closed.
  func run(_ host: inout ReplicaHost, _ shell: some LoopShell) {
    var batch: Deque<Item> = []
    var verifier = SignatureVerifier(suite)
    host.step(.tick, now: Clock.now())
    host.handOut(to: shell)
    var resume: Tick?
    while mailbox.take(into: &batch, waitingAtMost: wait(host.nextDeadline, resume)) {
      var steps = 0
      for item in batch {
        switch item {
        case .input(.frame(let peer, let bytes)):
          let isHeard = lanes.remove(bytes.count, of: peer)
          if isHeard { host.step(.frame(from: peer, bytes: bytes), now: Clock.now()) }
        case .input(.waste(let peer, let bytes)):
          if lanes.remove(bytes, of: peer) { host.step(.waste(from: peer, bytes: bytes), now: Clock.now()) }
        case .input(let input):
          if case .connected(let peer) = input { lanes.admit(peer) }
          host.step(input, now: Clock.now())
        case .questions: questions.answer(host.replica)
        case .preview: break
        case .install(let state, let view):
          // The replica does not need the state if its own chain has come as far meanwhile; readers then stay with that.
          if host.install(state.take(), now: Clock.now(), shell) { shell.show(view) }
        }
        steps += 1
        if steps.isMultiple(of: Self.stepsPerDispatch) { host.handOut(to: shell) }
      }
      // Timers run after the inputs, so that an answer that has already arrived is processed before its time-out.
      if let deadline = host.replica.nextDeadline, deadline <= Clock.tick() { host.step(.tick, now: Clock.now()) }
      // If nothing else waits, the loop checks a vote itself, which costs less than waking a worker and being woken by
      // it.
      while let own = host.handOut(to: shell, keepsVote: mailbox.isEmpty) {
        host.step(.verified(own.ticket, shell.verifyHere(own, &verifier)), now: Clock.now())
      }
      host.copyPinned(clock: Clock.tick, shell)
      previews.serve(&host)
      let room = lanes.mustResume(Clock.tick())
      if room.isDue { shell.drained() }
      resume = room.next
    }
    previews.close()
  }

  /// The microseconds until the first of these ticks, or until a preview is due; nil if there is none.
  private func wait(_ one: Tick?, _ other: Tick?) -> UInt64? {
    func earlier(_ one: Tick?, _ other: Tick?) -> Tick? {
      guard let one, let other else { return one ?? other }
      return min(one, other)
    }
    return earlier(earlier(one, other), previews.nextDeadline)?.microseconds(since: Clock.tick())
  }
}
