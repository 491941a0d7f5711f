internal import BlockLog
internal import Primitives

/// A machine with a disk and a clock, on which a validator runs, or does not at the moment.
final class SimulatedNode {
  /// Place among the machines of the world.
  let number: Int
  /// The validator that runs here. Twins share one.
  let validator: ValidatorIndex
  /// What the others know it as.
  var peer: PeerID { PeerID(validator.rawValue) }
  /// Whether the node keeps the rules; nothing is promised about the others.
  let isHonest: Bool
  var clock: SimulatedClock
  var disk: MemoryDisk
  /// The directory of snapshots.
  var snapshotDisk = MemoryDisk()
  var run: NodeRun?
  /// While the node repairs its log, before it starts.
  var repair: SimulatedRepair?
  var runs: UInt32 = 0
  var isPaused = false
  /// Microseconds that a sync takes.
  var syncDelay: ClosedRange<UInt64>
  /// Where faults and delays of this node come from.
  var generator: SeededGenerator
  /// The directory was lost and the node has not voted since.
  var isRecovering = false
  /// Views up to here were voted in with a directory that is lost.
  var votesAbove = View.genesis
  /// A copy of the disk, for a deliberate defect.
  var backup: MemoryDisk?
  /// Frames that a saboteur sent.
  private(set) var sent: [[UInt8]] = []
  /// The newest proposal that a traitor made beside that of its own code.
  var secondProposal: (view: View, frame: [UInt8])?
  /// A bit of the log turned over while the node was down.
  var flip: BitFlip?
  /// What the disk surely holds.
  var durable = DurableStatements()

  init(
    number: Int, validator: ValidatorIndex, isHonest: Bool, clock: SimulatedClock, syncDelay: ClosedRange<UInt64>,
    generator: SeededGenerator
  ) {
    self.number = number
    self.validator = validator
    self.isHonest = isHonest
    self.clock = clock
    self.syncDelay = syncDelay
    self.generator = generator
    disk = MemoryDisk()
  }

  func remember(_ frame: [UInt8]) {
    if sent.count < 24 { sent.append(frame) } else { sent[Int.random(in: 0..<24, using: &generator)] = frame }
  }
}
