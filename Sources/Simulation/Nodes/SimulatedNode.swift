internal import BlockLog
internal import NodeCore
internal import Primitives
internal import Replica

/// A node with its disks and clock. It is running if there is a `run`.
final class SimulatedNode {
  /// Index in `SimulatedCluster.nodes`.
  let number: Int
  /// Which of the nodes in the directory it is, whether it is a validator or not. Twins share a seat.
  let seat: Int
  /// Its name in the directory.
  let name: String
  /// Its vote keys on the disk, which are not in its directory.
  var keys: HeldKeys
  /// The keys with which it would vote in the next epoch without listening first, when it last started or said so.
  var trustedKeys: Set<PublicKey> = []
  /// The nodes that its operator named when it was set up anew: those that genesis lists may all have left.
  var bootstrap: [BootstrapPeer] = []
  /// The last round in which it voted.
  var lastVoted = Round.genesis
  /// Whether the node keeps the rules. Nothing is promised about a node that does not.
  let isHonest: Bool
  var clock: SimulatedClock
  var disk: MemoryDisk
  /// The disk with the snapshots.
  var snapshotDisk = MemoryDisk()
  /// Nil while the node is down.
  var run: NodeRun?
  /// The repair of the log, while it is under way before a start.
  var repair: SimulatedRepair?
  /// The number of runs so far.
  var runs: UInt32 = 0
  var isPaused = false
  /// What its signer remembers, if that is elsewhere.
  let signerMemory: SignerMemory?
  /// Whether its signer is away.
  var isSignerAway = false
  /// Microseconds that a sync takes, if work has no costs.
  var syncDelay: ClosedRange<UInt64>
  /// The source of the node's random choices and delays.
  var generator: SeededGenerator
  /// Whether the directory may have been lost and the node has not voted since.
  var isRecovering = false
  /// The voting bar: the records of votes in views up to this one may be lost.
  var votesAbove = Round.genesis
  /// The same, as long as it may not serve later epochs: no block but one that ends its epoch is final above it.
  var openBar: Round?
  /// A copy of the disk, for the deliberate defect `restoreOldDisk`.
  var backup: MemoryDisk?
  /// Some of the frames that a traitor has sent.
  private(set) var sent: [[UInt8]] = []
  /// A traitor's newest proposal in addition to that of its own code.
  var secondProposal: (round: Round, frame: [UInt8])?
  /// The bit of the log that was flipped while the node was down.
  var flip: BitFlip?
  /// The bit of the log that flipped while the node was running.
  var rot: BitRot?
  /// The files of the log in which a bit has flipped since the directory was made.
  var flippedFiles: Set<String> = []
  /// Since when the run has lacked final blocks.
  var behindSince: Tick?
  /// What the disk is known to hold.
  var durable = DurableStatements()

  /// Whether the node listens, or might after a restart.
  var mayListen: Bool { isRecovering || rot != nil || durable.isBarPending || run?.journal.areVotesLost == true }

  /// A copy of the disk that works, for a look at what a start would read.
  var workingDisk: MemoryDisk {
    let copy = disk.copy()
    (copy.capacity, copy.failingSyncs, copy.failingWrites) = (.max, 0, 0)
    return copy
  }

  init(
    number: Int, seat: Int, name: String, key: PublicKey, isHonest: Bool, clock: SimulatedClock,
    syncDelay: ClosedRange<UInt64>, generator: SeededGenerator, isSignerElsewhere: Bool
  ) {
    signerMemory = isSignerElsewhere ? SignerMemory() : nil
    self.number = number
    self.seat = seat
    self.name = name
    keys = HeldKeys(key)
    self.isHonest = isHonest
    self.clock = clock
    self.syncDelay = syncDelay
    self.generator = generator
    disk = MemoryDisk()
  }

  /// Notes a final block of the round.
  func committed(_ round: Round, endsEpoch: Bool) {
    if let openBar, !endsEpoch, round.epoch == openBar.epoch, round > openBar {
      self.openBar = nil
      trustHeldKeys()
    }
  }

  /// Asks the running replica with which keys it would vote in the next epoch without listening first.
  func trustHeldKeys() {
    guard let run else { return }
    trustedKeys = Set(keys.all).subtracting(run.replica.listeningKeys)
  }

  func remember(_ frame: [UInt8]) {
    if sent.count < 24 { sent.append(frame) } else { sent[Int.random(in: 0..<24, using: &generator)] = frame }
  }
}
