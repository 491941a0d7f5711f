/// The kinds of faults. The raw values are the names on the command line.
package enum FaultKind: String, CaseIterable, Sendable {
  /// The process ends. What it wrote stays readable.
  case processCrash = "crash"
  /// The machine loses power. Unsynced sectors survive at random, one of them torn.
  case powerLoss = "power-loss"
  case pause = "pause"
  /// The nodes are divided into two groups that do not hear each other.
  case partition = "partition"
  /// Some nodes do not hear one node, or it does not hear them.
  case oneWayCut = "one-way-cut"
  /// Some of a node's links hold everything back for a while.
  case clog = "clog"
  case slowDisk = "slow-disk"
  case failingDisk = "failing-disk"
  case fullDisk = "full-disk"
  /// The data directory is empty at the next start, for at most f nodes at a time.
  case lostDirectory = "lost-directory"
  /// A bit of a log flips while its node is down, for at most f nodes at a time.
  case bitFlip = "bit-flip"
  /// A bit of a sealed segment flips while its node is running, for at most f nodes at a time.
  case bitRot = "bit-rot"
  /// Most nodes crash within a short time, some of them several times.
  case restartStorm = "restart-storm"
  /// A wall clock jumps.
  case clockJump = "clock-jump"
  /// The signers of one node, of f or of all are away for a while, so that these nodes cannot vote.
  case signerAway = "signer-away"
}
