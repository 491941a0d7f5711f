internal import NodeCore
internal import Primitives
internal import Replica

/// What the thread for a running node's vote keys knows besides the keys on the disk.
struct SimulatedKeys {
  var life: VoteKeyLife
  /// Whether the thread is about to look after the keys.
  var isScheduled = false

  init(_ held: HeldKeys, _ running: RunningEpoch, finalized: Round) {
    life = VoteKeyLife(held, running, isOpened: finalized > Round(epoch: running.epoch, view: .genesis))
    life.run()
  }
}
