package import BlockLog
package import Cryptography
package import Ledger
package import Primitives
package import Replica

/// What a collector of a run's traffic sees, in the order in which it happens.
package enum Observation {
  /// The cluster has been created, with this genesis.
  case created(Genesis)
  case input(node: Int, run: UInt32, ReplicaInput, Now)
  /// A valid signature that a node asked to have verified.
  case genuine(VerificationItem)
  /// A node's disk at the end of the run.
  case disk(node: Int, MemoryDisk)
}
