internal import DequeModule
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica
internal import Signers
internal import Synchronization

/// A node's vote keys while it runs: one thread does with them what `VoteKeyLife` says.
final class VoteKeys: Sendable {
  /// What happens in the rest of the node.
  enum Event: Sendable {
    /// The node takes part.
    case running
    /// An epoch began, in which the node votes with this key; nil if it does not vote.
    case began(Epoch, PublicKey?)
    /// A block of the epoch above its first view is final, durably.
    case opened(Epoch)
    /// A durable record says that the node generated this key.
    case recorded(PublicKey)
    /// Something else may have changed: what failed is tried again, and what is due is done.
    case changed
    /// The store did not sign a vote, and the replica knows.
    case missedVote

    var isMissedVote: Bool { if case .missedVote = self { true } else { false } }
  }

  /// The pause in microseconds before what failed, as on a full disk, is tried again.
  private static let retry: UInt64 = 30_000_000

  private let store: any VoteKeyStore
  private let life: Mutex<VoteKeyLife>
  private let events = Mailbox<Event>(limit: .max)
  private let logger: Logger
  private let proofs = Mutex<[KeyProof]>([])
  private let retryAt = Mutex(Tick(0))

  /// - Parameter isOpened: whether a block above the first view of the epoch is final.
  init(_ store: any VoteKeyStore, _ held: HeldKeys, _ running: RunningEpoch, isOpened: Bool, logger: Logger) {
    self.store = store
    self.logger = logger
    life = Mutex(VoteKeyLife(held, running, isOpened: isOpened))
  }

  func put(_ event: Event) { events.force(event) }

  /// Notes that a block of this round is final. The log has it, perhaps not durably.
  func final(_ round: Round) { life.withLock { $0.final(round) } }

  /// Notes that everything that was noted before is durable.
  func durable() { if life.withLock({ $0.durable() }) { put(.changed) } }

  /// Starts the thread.
  /// - Parameter post: gives the replica an input.
  func start(_ post: @escaping @Sendable (ReplicaInput) -> Void) -> WorkerThread {
    WorkerThread("keys", inBackground: true, end: { [events] in events.close() }) { [self] in
      step(.changed, post)
      var batch: Deque<Event> = []
      while events.take(into: &batch, waitingAtMost: pause) {
        if batch.contains(where: \.isMissedVote) { store.missedVote() }
        tend(post)
        if batch.isEmpty, life.withLock({ $0.hasFailed }), Clock.tick() >= retryAt.withLock({ $0 }) {
          step(.changed, post)
        }
        while let event = batch.popFirst() { step(event, post) }
      }
    }
  }

  /// The time until something is due without an event, in microseconds; nil if nothing is.
  private var pause: UInt64? {
    let untilRetry = life.withLock { $0.hasFailed } ? retryAt.withLock { $0 }.microseconds(since: Clock.tick()) : nil
    return [store.pause, untilRetry].compactMap(\.self).min()
  }

  /// Keeps the store usable, and tells the replica whether it is.
  private func tend(_ post: (ReplicaInput) -> Void) {
    switch store.tend() {
    case .away(let reason): post(.signerAway(.away(reason: reason)))
    case .back:
      post(.signerBack)
      step(.changed, post)
    case nil: break
    }
  }

  /// Does what follows from an event, or from how the keys are at the start.
  func step(_ event: Event, _ post: (ReplicaInput) -> Void) {
    life.withLock { life in
      if event.isMissedVote { return }
      life.retry()
      switch event {
      case .running: life.run()
      case .began(let epoch, let key): life.begin(epoch, votingWith: key)
      case .opened(let epoch): life.open(epoch)
      case .recorded(let key): life.record(key)
      case .changed, .missedVote: break
      }
    }
    while let action = life.withLock({ $0.due() }) { perform(action, post) }
  }

  private func perform(_ action: VoteKeyLife.Action, _ post: (ReplicaInput) -> Void) {
    do throws(KeyStoreFault) {
      switch action {
      case .generate:
        // Kept first, so that nothing is recorded of a key that cannot be kept.
        let key = try store.generate()
        life.withLock { $0.generated(key) }
        post(.newKey(key))
      case .complete(let key):
        try store.complete(key)
        life.withLock { $0.completed() }
      case .succeed(let next):
        let fault = try store.succeed(by: next)
        let old = life.withLock { $0.succeeded() }
        post(.droppedKey(old))
        if let fault { complain("the vote key of the epoch before cannot be destroyed", fault) }
        logger.notice("the node votes with the key that the chain names now; the vote key \(old) is no longer held")
      }
    } catch {
      if case .gone(let key) = error, case .complete(key) = action {
        post(.droppedKey(life.withLock { $0.lost() }))
        return logger.notice("the vote key \(key), which nobody used yet, is lost; another one is generated")
      }
      life.withLock { $0.fail() }
      retryAt.withLock { $0 = Clock.tick().advanced(byMicroseconds: Self.retry) }
      complain(action.failure, error)
    }
  }

  private func complain(_ what: String, _ error: KeyStoreFault) {
    logger.error("\(what): \(error.explanation)", metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
  }

  // MARK: What others may know

  /// Whether the node votes in the running epoch.
  var isVoting: Bool { life.withLock { $0.voting != nil } }

  /// The key that the chain can name for this node, with the proof that the node has it; nil if there is none.
  /// - Parameter name: the node's name in the chain's directory.
  /// - Parameter configuration: that of the next block.
  func offer(_ name: Name, _ configuration: ChainConfiguration) throws(KeyStoreFault) -> KeyProof? {
    let used = configuration.validators.map(\.voteKey)
    guard let key = life.withLock({ $0.offered(besides: used) }) else { return nil }
    if let known = proofs.withLock({ $0.first { $0.validator == name && $0.key == key } }) { return known }
    let offer = try store.prove(key, for: name)
    proofs.withLock { $0 = [offer] }
    return offer
  }
}

extension VoteKeyLife.Action {
  /// What it means that this cannot be done.
  fileprivate var failure: String {
    switch self {
    case .generate: "the node's next vote key cannot be written yet, so its key cannot be changed"
    case .complete: "the node's next vote key cannot be kept yet, so its key cannot be changed"
    case .succeed: "the next vote key cannot take the place of the one before"
    }
  }
}
