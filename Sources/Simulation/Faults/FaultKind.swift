/// What the chaos may do. The raw values are the names on the command line.
package enum FaultKind: String, CaseIterable, Sendable {
  /// The process ends; what it wrote stays readable.
  case processCrash = "crash"
  /// The machine loses power; unsynced sectors survive at random, one of them torn.
  case powerLoss = "power-loss"
  case pause = "pause"
  /// Two groups that do not hear each other.
  case partition = "partition"
  /// One node is not heard by some others.
  case oneWayCut = "one-way-cut"
  /// A link holds everything back for a while.
  case clog = "clog"
  case slowDisk = "slow-disk"
  case failingDisk = "failing-disk"
  case fullDisk = "full-disk"
  /// The data directory is gone at the next start; at most f nodes at a time.
  case lostDirectory = "lost-directory"
  /// A bit of a log turns over while its node is down; at most f nodes at a time.
  case bitFlip = "bit-flip"
  /// Most nodes crash within a short time, some of them several times.
  case restartStorm = "restart-storm"
  /// A wall clock jumps.
  case clockJump = "clock-jump"
}
