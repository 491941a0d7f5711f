internal import Primitives
internal import Replica

/// What the thread for a running node's vote keys knows besides the keys on the disk.
struct SimulatedKeys {
  /// A key without a file, whose record is not durable yet.
  var unrecorded: PublicKey?
  private var epoch: Epoch
  /// The key of the running epoch.
  private(set) var voting: PublicKey?
  /// Whether a block above the first view of the epoch is final.
  private(set) var isOpened: Bool
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

  /// Notes that a round is final, durably.
  mutating func final(_ round: Round) {
    if round.epoch == epoch, round.view > .genesis { isOpened = true }
  }
}
