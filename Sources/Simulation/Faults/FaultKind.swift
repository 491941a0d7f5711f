/// What the chaos may do.
package enum FaultKind: String, CaseIterable, Sendable {
  /// The process ends; what it wrote stays readable.
  case processCrash
  /// The machine loses power; unsynced sectors survive at random.
  case powerLoss
  case pause
  /// Two groups that do not hear each other.
  case partition
  /// One node is not heard by some others.
  case oneWayCut
  /// A link holds everything back for a while.
  case clog
  case slowDisk
  case failingSync
  case fullDisk
  /// The data directory is gone at the next start; at most f nodes at a time.
  case lostDirectory
  /// A wall clock jumps.
  case clockJump
}
