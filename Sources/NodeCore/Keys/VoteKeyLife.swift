package import Primitives
package import Replica

/// The life of a node's vote keys while it runs: the present one, and the next, which lies beside it until the chain names it
/// (protocol rules R45 to R47).
///
/// It knows the public halves only. Whoever drives it tells it what happens, asks with `due` what is to be done with the keys
/// themselves, and reports how that went. One thing is under way at a time.
package struct VoteKeyLife: Equatable, Sendable {
  /// What is to be done with the keys themselves.
  package enum Action: Equatable, Sendable {
    /// Generate the next key and keep it so that `complete` makes it the next one. Ends with `generated`.
    case generate
    /// Make the generated key the next one, because a durable record names it. Ends with `completed`, or with `lost`.
    case complete(PublicKey)
    /// Put the next key in the place of the present one, which is destroyed. Ends with `succeeded`.
    case succeed(by: PublicKey)
  }

  /// The present key, and the next one once it is kept.
  package private(set) var held: HeldKeys
  /// A generated key that is not the next one yet.
  package private(set) var unrecorded: PublicKey?
  /// The same key, once its record is durable.
  private var recorded: PublicKey?
  private var isRunning = false
  private var epoch: Epoch
  /// The key of the running epoch; nil if the node does not vote in it.
  package private(set) var voting: PublicKey?
  /// The last epoch of which a block above the first view is final, durably.
  private var opened: Epoch?
  /// The last epoch of which such a block is final in the log, until that is durable.
  private var opening: Epoch?
  private var underWay: Action?
  /// Whether something that is due was not done. Nothing is due until it is tried again.
  package private(set) var hasFailed = false

  /// - Parameter isOpened: whether a block above the first view of the running epoch is final.
  package init(_ held: HeldKeys, _ running: RunningEpoch, isOpened: Bool) {
    self.held = held
    epoch = running.epoch
    voting = running.ownKey
    opened = isOpened ? running.epoch : nil
  }

  // MARK: What happens in the rest of the node

  /// The node takes part. Before, no key is generated, so that starts that fail leave no trace in the log.
  package mutating func run() { isRunning = true }

  /// An epoch began, in which the node votes with this key; nil if it does not vote.
  package mutating func begin(_ epoch: Epoch, votingWith key: PublicKey?) {
    self.epoch = epoch
    voting = key
  }

  /// A block of this round is final. The log has it, perhaps not durably: a node that catches up does not sync block by
  /// block.
  package mutating func final(_ round: Round) {
    // The block of view 0 is the closing, which the set before made final.
    guard round.view > .genesis, opened.map({ $0 < round.epoch }) ?? true else { return }
    opening = max(opening ?? round.epoch, round.epoch)
  }

  /// Everything that was noted before is durable. Returns whether an epoch opened by that.
  package mutating func durable() -> Bool {
    guard let opening else { return false }
    self.opening = nil
    open(opening)
    return true
  }

  /// A block of the epoch above its first view is final, durably. This may come before the epoch is known to begin.
  package mutating func open(_ epoch: Epoch) { opened = max(opened ?? epoch, epoch) }

  /// A durable record says that the node generated this key.
  package mutating func record(_ key: PublicKey) { recorded = key }

  // MARK: What is to be done

  /// What is due, which is then under way; nil if nothing is.
  package mutating func due() -> Action? {
    guard underWay == nil, !hasFailed else { return nil }
    underWay = nextAction
    return underWay
  }

  private var nextAction: Action? {
    if let unrecorded, recorded == unrecorded { return .complete(unrecorded) }
    let isOpened = opened.map { $0 >= epoch } ?? false
    if let next = held.next, isOpened, voting == next { return .succeed(by: next) }
    return isRunning && held.next == nil && unrecorded == nil ? .generate : nil
  }

  /// The key was generated. The replica must learn of it, so that a record names it.
  package mutating func generated(_ key: PublicKey) {
    precondition(underWay == .generate, "a key was generated that was not asked for")
    underWay = nil
    unrecorded = key
  }

  package mutating func completed() {
    guard case .complete(let key) = underWay else { preconditionFailure("no key was to be completed") }
    underWay = nil
    held.next = key
    (unrecorded, recorded) = (nil, nil)
  }

  /// The generated key is gone, as when a separate signer was started anew. Another one is generated.
  /// - Returns: the key that nobody has any more, of which the replica must learn.
  package mutating func lost() -> PublicKey {
    guard case .complete(let key) = underWay else { preconditionFailure("no key was to be completed") }
    underWay = nil
    (unrecorded, recorded) = (nil, nil)
    return key
  }

  /// - Returns: the key of before, which nobody has any more, and of which the replica must learn.
  package mutating func succeeded() -> PublicKey {
    guard case .succeed(let next) = underWay else { preconditionFailure("no key was to succeed") }
    underWay = nil
    defer { held = HeldKeys(next) }
    return held.current
  }

  /// What was under way could not be done, as on a full disk.
  package mutating func fail() {
    underWay = nil
    hasFailed = true
  }

  /// What failed is due again.
  package mutating func retry() { hasFailed = false }

  // MARK: What others may know

  /// The key that the chain can name for this node: the next; nil if there is none, or while a change is under way, after which
  /// the present one is destroyed.
  /// - Parameter used: the vote keys that the chain names already.
  package func offered(besides used: [PublicKey]) -> PublicKey? {
    // A node that has no next key yet, and votes with none, has its first.
    let key = held.next ?? (voting == nil ? held.current : nil)
    return key.flatMap { used.contains($0) || $0 == voting ? nil : $0 }
  }
}
