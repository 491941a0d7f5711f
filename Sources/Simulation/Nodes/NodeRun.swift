internal import BlockLog
internal import NodeCore
internal import Primitives
internal import Replica

/// One run of a node, from its start to its crash: the production replica and log, and what its shell holds.
///
/// What the node's threads do is done one event at a time, by the same code.
final class NodeRun {
  let number: UInt32
  var host: ReplicaHost
  var journal: Journal<MemoryDisk>
  var index: ChainIndex
  /// Whether effects wait, and grow with further steps, until they are handed out.
  var isHoldingEffects = false

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
  /// What reads for peers, and what they have asked for.
  var responder: Responder<MemoryDisk>
  var openRequests = OpenRequests()
  /// Snapshots that are made and fetched, and what is to be done about them, in order.
  var jobs: SnapshotJobs<MemoryDisk>
  var snapshotQueue: [SnapshotCommand] = []
  var isSnapshotWork = false
  var isCopyScheduled = false

  let chain: ChainContext

  init(
    number: UInt32, host: consuming ReplicaHost, journal: consuming Journal<MemoryDisk>, index: ChainIndex,
    snapshots: SnapshotStore<MemoryDisk>, machine: Machine?
  ) {
    self.number = number
    self.host = host
    self.journal = journal
    self.index = index
    self.machine = machine
    chain = snapshots.chain
    responder = Responder(snapshots)
    jobs = SnapshotJobs(snapshots, kept: 2)
  }

  var replica: Replica { _read { yield host.replica } }
}

extension NodeRun: ChainIndexHolder {
  func update<Value: Sendable>(_ body: (inout ChainIndex) -> Value) -> Value { body(&index) }
}

extension NodeRun: ChainSource {
  var base: Height { index.base }
  var height: Height { index.height }
  func entry(at height: Height) -> ChainIndex.Entry? { index[height] }
  func certified(from height: Height) -> Height? { index.certified(from: height) }
  func payload(at address: RecordAddress) throws(LogError) -> [UInt8] { try journal.read(address).payload }
}
