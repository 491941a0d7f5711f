import BlockLog
import Cryptography
import Ledger
import NodeCore
import Primitives
import Replica
import Simulation
import TestHarness

/// A node that lives through a script on two disks, for the log and for the snapshots, whose calls are counted
/// together. It does the work of a node's threads with the same code.
final class LifeOnDisks {
  typealias Store = SnapshotStore<FaultyDisk>

  /// The parts of a running node.
  private final class Run: ChainIndexHolder, ChainSource {
    let chain: ChainContext
    var index: ChainIndex
    var journal: Journal<FaultyDisk>
    var jobs: SnapshotJobs<FaultyDisk>
    let committed: Height
    var lostClosing: Epoch?

    init(
      _ chain: ChainContext, _ journal: consuming Journal<FaultyDisk>, _ index: ChainIndex, _ store: Store,
      committed: Height
    ) {
      self.chain = chain
      self.journal = journal
      self.index = index
      self.committed = committed
      jobs = SnapshotJobs(store, kept: 1)
    }

    var base: Height { index.base }
    var height: Height { index.height }
    func update<Value: Sendable>(_ body: (inout ChainIndex) -> Value) -> Value { body(&index) }
    func entry(at height: Height) -> ChainIndex.Entry? { index[height] }
    func finality(of height: Height) -> ChainIndex.Finality? { index.finality(of: height) }
    var closings: ClosingBook {
      var book = ClosingBook()
      for closing in index.closings.all where closing.epoch != lostClosing { book.note(closing) }
      return book
    }
    func payload(at address: RecordAddress) throws(LogError) -> [UInt8] { try journal.read(address).payload }
  }

  private final class Receiver: SnapshotReceiver {
    let script: LifeScript
    var copied: Height?
    var made = false
    var state: LoadedState?

    init(_ script: LifeScript) { self.script = script }

    func copied(_ height: Height) { copied = height }
    func made(_ manifest: SnapshotManifest, bytes: Int, longestPiece: UInt64) { made = true }
    func unproven(_ height: Height) {}
    func load(_ stored: StoredSnapshot<FaultyDisk>) throws(SnapshotFault) -> LoadedState {
      try LifeOnDisks.load(stored, script.genesis)
    }
    func loaded(_ state: consuming LoadedState) { self.state = consume state }
    func failed(_ height: Height) {}
  }

  let script: LifeScript
  let plan: FaultyDisk.Plan
  let log: FaultyDisk
  let snapshots: FaultyDisk
  private var run: Run?
  /// What the node was told: the last durable record, the newest block in it, and the newest snapshot.
  private(set) var durable = 0
  private(set) var final = Height.genesis
  private(set) var made = Height.genesis
  private(set) var prunings = 0
  /// How many calls the disks had when each block was written.
  private(set) var calls: [Height: Int] = [:]
  /// The codes of all errors.
  private(set) var codes: [String] = []

  init(_ script: LifeScript, _ fault: FaultyDisk.Fault?) {
    self.script = script
    plan = FaultyDisk.Plan(fault)
    log = FaultyDisk(plan)
    snapshots = FaultyDisk(plan)
  }

  private var store: Store { Store(snapshots, chain: script.genesis.chain) }

  private static func load(
    _ stored: StoredSnapshot<FaultyDisk>, _ genesis: Genesis
  ) throws(SnapshotFault) -> LoadedState {
    var chunks = StoredChunks(stored, suite: genesis.suite)
    return try SnapshotLoading.load(stored.manifest, genesis: genesis, from: &chunks)
  }

  // MARK: Starting

  func found() {
    do throws(LogError) {
      try Startup.found(log, owner: script.owner, options: LifeScript.options)
    } catch { codes.append(error.code) }
  }

  /// Starts the node again. Returns whether the disks allow it.
  @discardableResult
  func start() -> Bool {
    run = nil
    for _ in 0..<3 where run == nil {
      do throws(StartupError) {
        let (genesis, harness) = (script.genesis, script.harness)
        let opened = try Startup<FaultyDisk>(
          genesis: genesis, keys: HeldKeys(genesis.validatorSet.voteKey(of: harness.own)), options: LifeScript.options
        ).open(
          log, snapshots: store,
          load: { (stored, _) throws(SnapshotFault) in try Self.load(stored, genesis) },
          holds: { harness.ring.holds($0) }, observe: { _ in })
        let store = store
        run = opened.use { journal, restoration, index in
          Run(genesis.chain, journal, index, store, committed: restoration.committed.height)
        }
      } catch {
        codes.append(Self.code(error))
      }
    }
    return run != nil
  }

  private static func code(_ error: StartupError) -> String {
    switch error {
    case .log(let error): error.code
    case .snapshots(let error): error.code
    default: "\(error)"
    }
  }

  /// Records in the log, and the last final height.
  var appended: Int { Int(run?.journal.appended.rawValue ?? 0) }
  var height: Height { run?.height ?? .genesis }
  var committed: Height { run?.committed ?? .genesis }

  /// Reads every block that the log says it has.
  func readAll() throws {
    guard let run else { return }
    for height in Int(run.base.rawValue)..<Int(run.height.rawValue) {
      guard try run.block(at: Height(UInt64(height + 1)))?.block.digest == script.commits[height].block.digest else {
        throw LogError.noLog
      }
    }
  }

  // MARK: Writing

  /// Runs an action of the log; after an error that is permanent, the process starts again.
  private func write(_ body: (Run) throws(LogError) -> Void) {
    guard let run else { return }
    do throws(LogError) {
      try body(run)
    } catch {
      codes.append(error.code)
      start()
    }
  }

  private func hand(_ batch: [JournalCommand], _ run: Run) throws(LogError) -> [JournalEvent] {
    var events: [JournalEvent] = []
    _ = try run.journal.write(batch, run, &events)
    try run.journal.settle(batch, run, &events)
    for event in events {
      switch event {
      case .durable(let position): durable = max(durable, Int(position.rawValue))
      case .pruned: prunings += 1
      case .pruneFailed(let error), .unprepared(let error): codes.append(error.code)
      case .closingUnstored(let error), .unreached(_, let error): codes.append(error.code)
      default: break
      }
    }
    return events
  }

  /// Hands over everything up to the end of a block, from where the log is now.
  func write(_ height: Height) {
    calls[height] = plan.calls
    let end = script.ends[Int(height.rawValue) - 1]
    write { (run) throws(LogError) in
      let records = Array(script.records[min(end, Int(run.journal.appended.rawValue))..<end])
      let commits = script.commits.filter { $0.height > run.index.height && $0.height <= height }
      _ = try hand([.append(records), .commit(commits)], run)
      final = max(final, height)
      var events: [JournalEvent] = []
      for _ in 0..<3 { try run.journal.rest(&events) }
    }
  }

  // MARK: Snapshots

  private func command(_ command: SnapshotCommand, _ run: Run, _ receiver: Receiver) -> Bool {
    do throws(SnapshotJobError) {
      try run.jobs.run(command, from: run, receiver)
      return true
    } catch {
      codes.append(error.code)
      return false
    }
  }

  /// Makes the snapshot of a height, and removes the segments that it replaces.
  /// - Parameter prunes: false to leave the log as it is.
  func snapshot(_ height: Height, prunes: Bool = true) {
    guard let run, let copy = script.copies[height] else { return }
    let receiver = Receiver(script)
    _ = command(.begin(height, bound: copy.bound), run, receiver)
    for batch in copy.batches { _ = command(.batch(batch), run, receiver) }
    _ = command(.copied(longestPiece: 0), run, receiver)
    if receiver.copied != nil {
      write { (run) throws(LogError) in
        for event in try hand([.barrier(height)], run) {
          switch event {
          case .reached: _ = command(.durable(height), run, receiver)
          case .unreached: _ = command(.giveUp(height), run, receiver)
          default: break
          }
        }
      }
    }
    guard receiver.made else { return }
    made = height
    guard prunes else { return }
    write { (run) throws(LogError) in
      for case .retiring(let retired) in try hand([.retire(through: Height(height.rawValue - 1))], run) {
        _ = try hand([.prune(retired)], run)
      }
    }
  }

  /// Lets the node not know the closing of an epoch, as after damage.
  func lose(closingOf epoch: Epoch?) { run?.lostClosing = epoch }

  /// Fetches a snapshot from a node that has it, and lets the log continue above it.
  func join(_ source: Store, _ height: Height, restarts: Bool) throws {
    let stored = try source.open(height)
    for _ in 0..<3 {
      guard let run else { return }
      if run.base < height { fetch(stored, height, run) }
      if self.run?.base == height {
        made = height
        return
      }
      if restarts { start() }
    }
  }

  private func fetch(_ stored: StoredSnapshot<FaultyDisk>, _ height: Height, _ run: Run) {
    let receiver = Receiver(script)
    let closings = script.commits.compactMap(\.closing)
    for closing in closings { run.index.note(closing) }
    var steps: [SnapshotStep] = [.begin(height, manifest: stored.manifestBytes)]
    for index in stored.manifest.chunks.indices {
      guard let bytes = try? stored.chunk(index) else { return }
      steps.append(.store(height, index: index, bytes: bytes))
    }
    steps.append(.assemble(height))
    for step in steps {
      guard command(.step(step), run, receiver) else { return }
    }
    guard receiver.state != nil else { return }
    write { (run) throws(LogError) in
      let base = PendingRecord(BaseEntry(stored.manifest.proof, chain: script.genesis.chain), height: height)
      _ = try hand([.keep(closings), .append([base])], run)
    }
  }

  /// Power fails, and the disks work again.
  func crash(_ survival: MemoryDisk.Survival, using generator: inout SeededGenerator) {
    plan.fault = nil
    codes = []
    log.disk.crash(survival, using: &generator)
    snapshots.disk.crash(survival, using: &generator)
  }
}
