package import BlockLog
package import Cryptography
package import Ledger
package import Primitives
package import Replica

/// What somebody who collects the traffic of a run sees, in the order in which it happens.
package enum Observation {
  /// The world was made.
  case created(Genesis)
  case input(node: Int, run: UInt32, ReplicaInput, Now)
  /// A signature that a node had checked, and that holds.
  case genuine(VerificationItem)
  /// A node's disk at the end of the run.
  case disk(node: Int, MemoryDisk)
}
