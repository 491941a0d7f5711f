internal import BlockLog
internal import NodeCore
internal import Primitives
internal import Replica

/// One run of a node, from its start to its crash: the production replica and log, and what its shell holds.
///
/// The shell does what the node's threads do, one event at a time: records go to the disk first, sends wait in the
/// outbox until their position is durable, own votes come back through `.durable`.
final class NodeRun {
  let number: UInt32
  var replica: Replica
  var journal: Journal<MemoryDisk>
  var index: ChainIndex
  var effects = ReplicaEffects()
  /// Whether `effects` wait, and grow with further steps, until they are handed out.
  var isHolding = false

  /// Sends that wait for the disk.
  var outbox = Outbox()
  /// What the disk is to do next.
  var diskQueue: [JournalCommand] = []
  /// What it does.
  var batch: [JournalCommand] = []
  var isSyncing = false
  /// When the journal rests, if nothing is handed over until then.
  var restAt = Tick(0)
  var isRestScheduled = false
  var hasLogFailed = false
  /// Bytes of records that are written and not synced.
  var unsyncedBytes = 0
  /// What the run works with, if work has costs.
  let machine: Machine?
  /// When the node is to be woken up next.
  var wakeAt: Tick?
  /// Events that wait for a paused node.
  var backlog: [Event] = []
  /// The peers that this node has a link to, by validator.
  var links: [ValidatorIndex: SimulatedNode] = [:]
  /// Wake-ups in a row at which nothing was asked for and no time passed.
  var idleWakes = 0
  var lastWake = Tick(0)
  /// The snapshot that is being made, and the one that is being fetched.
  var making: SnapshotInMaking?
  var joining: StoredSnapshot<MemoryDisk>?

  let chain: ChainContext

  init(
    number: UInt32, replica: consuming Replica, journal: consuming Journal<MemoryDisk>, index: ChainIndex,
    chain: ChainContext, machine: Machine?
  ) {
    self.number = number
    self.replica = replica
    self.journal = journal
    self.index = index
    self.chain = chain
    self.machine = machine
  }
}

extension NodeRun: ChainIndexHolder {
  func update<Value: Sendable>(_ body: (inout ChainIndex) -> Value) -> Value { body(&index) }
}

extension NodeRun: ChainSource {
  func entry(at height: Height) -> ChainIndex.Entry? { index[height] }
  func certified(from height: Height) -> Height? { index.certified(from: height) }
  func payload(at address: RecordAddress) throws(LogError) -> [UInt8] { try journal.read(address).payload }
}
