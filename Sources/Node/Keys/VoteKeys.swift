internal import Cryptography
internal import DequeModule
internal import Ledger
internal import Logging
internal import Primitives
internal import Replica
internal import Synchronization

/// A node's vote keys while it runs: the present one, and the next, which lies beside it until the chain names it
/// (protocol rules R45 to R47). One thread does what takes place in files.
final class VoteKeys: Sendable {
  /// What happens in the rest of the node.
  enum Event: Sendable {
    /// The node takes part. Before, no key is generated, so that starts that fail leave no trace in the log.
    case running
    /// An epoch began, in which the node votes with this key; nil if it does not vote.
    case began(Epoch, PublicKey?)
    /// A block of the epoch above its first view is final, durably.
    case opened(Epoch)
    /// A durable record says that the node generated this key.
    case recorded(PublicKey)
  }

  private struct State {
    var current: PrivateKey
    /// The next key once its file is there.
    var next: PrivateKey?
    var isRunning = false
    /// A key without a file, whose record is not durable yet.
    var unrecorded: PrivateKey?
    /// The same key, if its record is durable but its file is not complete.
    var unkept: PublicKey?
    var epoch: Epoch
    /// The key of the running epoch.
    var voting: PublicKey?
    /// The last epoch of which a block above the first view is final.
    var opened: Epoch?
    /// The last epoch of which such a block is final in the log, until that is durable.
    var opening: Epoch?
    /// Whether something was not done that is due.
    var hasFailed = false

    var isOpened: Bool { opened.map { $0 >= epoch } ?? false }
  }

  /// The pause in microseconds before what failed, as on a full disk, is tried again.
  private static let retry: UInt64 = 30_000_000

  private let files: VoteKeyFiles
  private let signer: GuardedSigner
  private let chain: ChainContext
  private let state: Mutex<State>
  private let events = Mailbox<Event>(limit: .max)
  private let logger: Logger
  private let proofs = Mutex<[KeyProof]>([])

  /// - Parameter isOpened: whether a block above the first view of the epoch is final.
  init(
    _ files: VoteKeyFiles, current: PrivateKey, next: PrivateKey?, signer: GuardedSigner, chain: ChainContext,
    _ running: RunningEpoch, isOpened: Bool, logger: Logger
  ) {
    self.files = files
    self.signer = signer
    self.chain = chain
    self.logger = logger
    state = Mutex(
      State(
        current: current, next: next, epoch: running.epoch, voting: running.ownKey,
        opened: isOpened ? running.epoch : nil))
  }

  func put(_ event: Event) { events.force(event) }

  /// Notes that a block of this round is final. The log has it, perhaps not durably: a node that catches up does not sync
  /// block by block.
  func final(_ round: Round) {
    guard round.view > .genesis else { return }
    state.withLock { if $0.opened.map({ $0 < round.epoch }) ?? true { $0.opening = round.epoch } }
  }

  /// Notes that everything that was noted before is durable.
  func durable() {
    let opening = state.withLock { state in
      defer { state.opening = nil }
      return state.opening
    }
    if let opening { put(.opened(opening)) }
  }

  /// Starts the thread.
  /// - Parameter post: gives the replica an input.
  func start(_ post: @escaping @Sendable (ReplicaInput) -> Void) -> WorkerThread {
    WorkerThread("keys", inBackground: true, end: { [events] in events.close() }) { [self] in
      step(nil, post)
      var batch: Deque<Event> = []
      while events.take(into: &batch, waitingAtMost: hasFailed ? Self.retry : nil) {
        if batch.isEmpty { step(nil, post) }
        while let event = batch.popFirst() { step(event, post) }
      }
    }
  }

  /// Does what follows from an event, or from how the keys are at the start.
  func step(_ event: Event?, _ post: (ReplicaInput) -> Void) {
    state.withLock { $0.hasFailed = false }
    if let event { handle(event) }
    if let unkept = state.withLock({ $0.unkept }) { keep(unkept) }
    goOn(post)
  }

  private func handle(_ event: Event) {
    switch event {
    case .running: state.withLock { $0.isRunning = true }
    case .began(let epoch, let key):
      state.withLock {
        $0.epoch = epoch
        $0.voting = key
      }
    // This may come before the event that the epoch began.
    case .opened(let epoch): state.withLock { $0.opened = max($0.opened ?? epoch, epoch) }
    case .recorded(let key): state.withLock { $0.unkept = key }
    }
  }

  /// Completes the file of a key whose record is durable.
  private func keep(_ key: PublicKey) {
    guard let recorded = state.withLock({ $0.unrecorded }), recorded.publicKey == key else { return }
    do throws(CryptoError) {
      try files.complete()
      state.withLock {
        $0.next = recorded
        $0.unrecorded = nil
        $0.unkept = nil
      }
    } catch {
      complain("the node's next vote key cannot be kept yet, so its key cannot be changed", error)
    }
  }

  /// Puts the next key in the place of the present one if the chain goes on with it, and generates another.
  private func goOn(_ post: (ReplicaInput) -> Void) {
    let successor = state.withLock { $0.isOpened && $0.voting == $0.next?.publicKey ? $0.next : nil }
    if let successor { succeed(by: successor, post) }
    guard state.withLock({ $0.isRunning && $0.next == nil && $0.unrecorded == nil }) else { return }
    do throws(CryptoError) {
      // Written first, so that nothing is recorded of a key that cannot be kept.
      let key = try files.generate()
      state.withLock { $0.unrecorded = key }
      signer.hold(key)
      post(.newKey(key.publicKey))
    } catch {
      complain("the node's next vote key cannot be written yet, so its key cannot be changed", error)
    }
  }

  private func succeed(by next: PrivateKey, _ post: (ReplicaInput) -> Void) {
    do throws(CryptoError) {
      if let fault = try files.succeed(by: next) {
        complain("the vote key of the epoch before cannot be destroyed; it is tried again at the next start", fault)
      }
    } catch {
      return complain("the next vote key cannot take the place of the one before", error)
    }
    let old = state.withLock { state in
      let old = state.current.publicKey
      state.current = next
      state.next = nil
      return old
    }
    signer.drop(old)
    post(.droppedKey(old))
    logger.notice("the node votes with the key that the chain names now; the vote key \(old) is no longer held")
  }

  private var hasFailed: Bool { state.withLock { $0.hasFailed } }

  private func complain(_ what: String, _ error: CryptoError) {
    state.withLock { $0.hasFailed = true }
    logger.error("\(what): \(error.explanation)", metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
  }

  // MARK: What others may know

  /// Whether the node votes in the running epoch.
  var isVoting: Bool { state.withLock { $0.voting != nil } }

  /// The key that the chain can name for this node, with the proof that the node has it: the next; nil if there is none, or
  /// while a change is under way, after which the present one is destroyed.
  /// - Parameter name: the node's name in the chain's directory.
  /// - Parameter configuration: that of the next block.
  func offer(_ name: Name, _ configuration: ChainConfiguration) throws(CryptoError) -> KeyProof? {
    let key = state.withLock { state in
      // A node that has no next key yet, and votes with none, has its first.
      let key = state.next ?? (state.voting == nil ? state.current : nil)
      let used = [state.voting].compactMap(\.self) + configuration.validators.map(\.voteKey)
      return key.flatMap { used.contains($0.publicKey) ? nil : $0 }
    }
    guard let key else { return nil }
    if let known = proofs.withLock({ $0.first { $0.validator == name && $0.key == key.publicKey } }) { return known }
    let message = KeyProof.signedBytes(validator: name, key: key.publicKey, chain: chain)
    let offer = KeyProof(validator: name, key: key.publicKey, signature: try key.sign(message))
    proofs.withLock { $0 = [offer] }
    return offer
  }
}
