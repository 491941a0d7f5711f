internal import Primitives
internal import Replica

/// What the thread for a running node's vote keys knows besides the keys on the disk.
struct SimulatedKeys {
  /// A key without a file, whose record is not durable yet.
  var unrecorded: PublicKey?
  private var epoch: Epoch
  /// The key of the running epoch.
  private(set) var voting: PublicKey?
  /// Whether a block above the first view of the epoch is final, durably.
  private(set) var isOpened: Bool
  /// The epoch of which such a block is final in the log, until that is durable.
  private var opening: Epoch?
  /// Whether the thread is about to look after the keys.
  var isScheduled = false

  init(_ running: RunningEpoch, finalized: Round) {
    epoch = running.epoch
    voting = running.ownKey
    isOpened = finalized > Round(epoch: running.epoch, view: .genesis)
  }

  mutating func begin(_ running: RunningEpoch) {
    epoch = running.epoch
    voting = running.ownKey
    isOpened = false
  }

  /// Notes that a block of this round is final. The log has it, perhaps not durably.
  mutating func final(_ round: Round) {
    if round.view > .genesis { opening = max(opening ?? round.epoch, round.epoch) }
  }

  /// Notes that everything that was noted before is durable. Returns whether that opens the epoch.
  mutating func durable() -> Bool {
    guard opening == epoch else { return false }
    opening = nil
    isOpened = true
    return true
  }
}
