internal import BlockLog
internal import DequeModule
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

/// One run of a node, from its start to its crash: the production replica and log, and the state of its shell.
///
/// It does the work of the node's threads with the same code, one event at a time.
final class NodeRun {
  let number: UInt32
  var host: ReplicaHost
  /// What clients read.
  var view: LedgerView
  var journal: Journal<MemoryDisk>
  var index: ChainIndex
  /// Whether effects wait to be handed out, together with those of further steps.
  var isHoldingEffects = false

  /// Commands that wait for the journal.
  var diskQueue: [JournalCommand] = []
  /// The commands that the journal is carrying out.
  var batch: [JournalCommand] = []
  var isSyncing = false
  /// When the journal rests, unless it receives commands before.
  var restAt = Tick(0)
  var isRestScheduled = false
  var hasLogFailed = false
  /// Bytes of records that are written but not synced.
  var unsyncedBytes = 0
  /// The machine of the node, if work has costs.
  let machine: Machine?
  /// When the node wakes up next.
  var wakeAt: Tick?
  /// Events that wait while the node is paused.
  var backlog: [Event] = []
  /// The peers that this node has a link with, by seat.
  var links: [Int: SimulatedNode] = [:]
  /// The node's own numbers of its peers, by seat, and their seats.
  private var peerAtSeat: [PeerID?] = []
  private var seatOfPeer: [PeerID: Int] = [:]
  /// What the thread for the keys knows, and who signs with them.
  var keys: SimulatedKeys
  let signer: SimulatedSigner
  var attempts = SigningAttempts()
  /// When the last question reaches the signer, if that is elsewhere, and when its last answer reaches the node.
  var asked = Tick(0)
  var answered = Tick(0)
  /// Consecutive wake-ups with hardly any time between them.
  var idleWakes = 0
  var lastWake = Tick(0)
  /// Reads blocks and snapshots for peers, whose requests take turns.
  var responder: Responder<MemoryDisk>
  var requests = RequestQueue()
  /// Makes and fetches snapshots, by the commands in the queue.
  var jobs: SnapshotJobs<MemoryDisk>
  var snapshotQueue: [SnapshotCommand] = []
  var isSnapshotWork = false
  var isCopyScheduled = false

  /// Checks the sealed segments.
  var scrub: LogScrub<MemoryDisk>
  /// Damaged stretches that wait for their repair.
  var damaged: Deque<DamagedStretch> = []
  var repair: SimulatedRepair?
  /// Heights that no peer could restore after damage.
  var lost: Set<Height> = []

  let chain: ChainContext

  init(
    number: UInt32, host: consuming ReplicaHost, journal: consuming Journal<MemoryDisk>, index: ChainIndex,
    snapshots: SnapshotStore<MemoryDisk>, scrub: LogScrub<MemoryDisk>, keys: SimulatedKeys,
    signer: SimulatedSigner, machine: Machine?
  ) {
    self.keys = keys
    self.signer = signer
    self.scrub = scrub
    self.number = number
    view = host.replica.withLedger { LedgerView(of: $0) }
    self.host = host
    self.journal = journal
    self.index = index
    self.machine = machine
    chain = snapshots.chain
    responder = Responder(snapshots)
    jobs = SnapshotJobs(snapshots, kept: 2)
  }

  var replica: Replica { _read { yield host.replica } }

  /// The node's number of the peer at a seat; nil if the node does not know it.
  func peer(at seat: Int) -> PeerID? { seat < peerAtSeat.count ? peerAtSeat[seat] : nil }

  func seat(of peer: PeerID) -> Int? { seatOfPeer[peer] }

  /// Takes over the nodes of the directory.
  /// - Parameter seats: the number of seats.
  func know(_ peers: [(id: PeerID, seat: Int)], seats: Int) {
    peerAtSeat = Array(repeating: nil, count: seats)
    seatOfPeer.removeAll(keepingCapacity: true)
    for (id, seat) in peers {
      peerAtSeat[seat] = id
      seatOfPeer[id] = seat
    }
  }
}

extension NodeRun: ChainIndexHolder {
  func update<Value: Sendable>(_ body: (inout ChainIndex) -> Value) -> Value { body(&index) }
}

extension NodeRun: ChainSource {
  var base: Height { index.base }
  var height: Height { index.height }
  func entry(at height: Height) -> ChainIndex.Entry? { index[height] }
  func finality(of height: Height) -> ChainIndex.Finality? { index.finality(of: height) }
  var closings: ClosingBook { index.closings }
  func payload(at address: RecordAddress) throws(LogError) -> [UInt8] { try journal.read(address).payload }
}
