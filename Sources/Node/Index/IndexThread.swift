internal import DequeModule
internal import Ledger
package import NodeCore
package import Primitives
package import QueryIndex
internal import Synchronization

/// Makes a query index follow the chain, on a separate thread. Consensus never waits for it, and if it fails the node
/// continues without an index.
///
/// While it keeps up, it writes with background priority, because its writes would otherwise delay views. When it is
/// far behind, it runs with normal priority.
package final class IndexThread: Sendable {
  package enum Notice: Sendable {
    /// The index does not match this chain's blocks and is rebuilt from the first one.
    case startedAgain(reason: String)
    /// This node has no blocks between these heights, so the index continues above them.
    case jumped(from: Height, to: Height)
    /// The open holds are not known yet, because no snapshot says which they were.
    case holdsUnknown(SnapshotFault)
    /// The index gave up until the next start of the node.
    case stopped(QueryIndexError)
  }

  /// Returns the final block of a height; nil if it is not available yet. Called on the index's thread.
  package typealias Source = @Sendable (Height) throws -> IndexedBlock?
  /// Returns the height up to which this node has no blocks, because the log was pruned or begins with a snapshot.
  package typealias Base = @Sendable () -> Height

  // The limits of one SQLite transaction, which ends at whichever is reached first.
  static let batchBlocks = 256
  static let batchOperations = 50_000
  static let batchBytes = 16 << 20
  /// The maximum bytes of blocks that wait in memory; blocks beyond it are read back from the log.
  static let freshBytes = 16 << 20
  /// Microseconds between two SQLite transactions of a busy chain. A transaction writes every page it touched, and the
  /// rows of a whole second touch hardly more pages than those of one block. A single block after a pause is indexed
  /// immediately.
  static let pause: UInt64 = 1_000_000
  /// The same interval while a query waits for a block that is not indexed yet.
  static let hurriedPause: UInt64 = 100_000

  private let shared: Shared
  private let thread: WorkerThread

  /// State shared by the thread and its owner.
  fileprivate final class Shared: Sendable {
    let index: QueryIndex
    let source: Source
    let base: Base
    let holds: SnapshotHolds
    let notice: @Sendable (Notice) -> Void
    // One element is enough, because it only wakes the thread.
    let wake = Mailbox<Void>(limit: 1)
    /// Writes while the index keeps up. A thread cannot leave background priority again, so there are two, one of which
    /// waits for the other.
    let background = BackgroundThread("query-index")
    let state = Mutex(State())

    init(
      _ index: QueryIndex, _ source: @escaping Source, _ base: @escaping Base, _ holds: SnapshotHolds,
      _ notice: @escaping @Sendable (Notice) -> Void
    ) {
      self.index = index
      self.source = source
      self.base = base
      self.holds = holds
      self.notice = notice
    }
  }

  fileprivate struct State {
    var target = Height.genesis
    /// The newest blocks up to the target, without a gap; lower blocks are read from the log.
    var fresh: Deque<IndexedBlock> = []
    var freshBytes = 0
    /// The height that a query waits for.
    var wanted = Height.genesis
    var isStopping = false
    var failure: QueryIndexError?
    /// The newest snapshot that was tried for the open holds, and the last fault that was reported.
    var triedSnapshot: Height?
    var snapshotFault: SnapshotFault?
  }

  /// Starts the thread, which first checks that `index` matches the chain that `source` reads, and empties it if not.
  package init(
    index: QueryIndex, source: @escaping Source, base: @escaping Base = { .genesis },
    holds: SnapshotHolds = .none, notice: @escaping @Sendable (Notice) -> Void
  ) {
    let shared = Shared(index, source, base, holds, notice)
    self.shared = shared
    thread = WorkerThread("query-index") { shared.run() }
  }

  /// Reports that the blocks up to `height` are final and can be read. Never blocks.
  package func follow(_ height: Height) {
    shared.state.withLock { $0.raise(to: height) }
    // If the mailbox is full, the thread has yet to take the last wake-up and reads the target after that.
    _ = shared.wake.offer(())
  }

  /// Reports that these blocks, in order of height, are final, and keeps them in memory so that they need not be read
  /// back. Never blocks.
  package func follow(_ blocks: [IndexedBlock]) {
    guard let last = blocks.last else { return }
    shared.state.withLock { state in
      for block in blocks { state.keep(block) }
    }
    follow(last.block.height)
  }

  /// Reports that a query waits for the index to reach `height`. Never blocks.
  package func hurry(to height: Height) {
    let isNew = shared.state.withLock { state in
      guard height > state.wanted else { return false }
      state.wanted = height
      return true
    }
    if isNew { _ = shared.wake.offer(()) }
  }

  /// Why the index gave up, for the health report; nil while it works.
  package var failure: QueryIndexError? { shared.state.withLock { $0.failure } }

  /// Ends the thread after the current batch. Call it once.
  package func stop() {
    shared.state.withLock { $0.isStopping = true }
    shared.wake.close()
    thread.join()
    shared.background.stop()
  }
}

extension IndexThread.State {
  mutating func raise(to height: Height) {
    target = max(target, height)
  }

  mutating func keep(_ block: IndexedBlock) {
    let isNext = fresh.last.map { $0.block.height.next == block.block.height } ?? true
    if !isNext || freshBytes + block.block.bytes.count > IndexThread.freshBytes { forget() }
    fresh.append(block)
    freshBytes += block.block.bytes.count
  }

  private mutating func forget() {
    fresh.removeAll()
    freshBytes = 0
  }

  /// Returns and removes the block of a height if it is in memory. Lower blocks are removed too.
  mutating func take(_ height: Height) -> IndexedBlock? {
    while let first = fresh.first, first.block.height <= height {
      fresh.removeFirst()
      freshBytes -= first.block.bytes.count
      if first.block.height == height { return first }
    }
    return nil
  }
}

extension IndexThread.Shared {
  fileprivate func run() {
    do throws(QueryIndexError) {
      try compare()
      var wakes: Deque<Void> = []
      var lastWritten: Tick?
      while wake.take(into: &wakes, waitingAtMost: nil) {
        rest(since: lastWritten, &wakes)
        try catchUp()
        lastWritten = Clock.tick()
      }
    } catch {
      state.withLock { $0.failure = error }
      notice(.stopped(error))
    }
  }

  /// Waits, so that the blocks of a busy chain gather into a batch, until the pause is over or a batch is full.
  private func rest(since lastWritten: Tick?, _ wakes: inout Deque<Void>) {
    guard let lastWritten else { return }
    while true {
      let (target, wanted, isStopping) = state.withLock { ($0.target, $0.wanted, $0.isStopping) }
      let pause = wanted > index.height ? IndexThread.hurriedPause : IndexThread.pause
      let left = lastWritten.advanced(byMicroseconds: pause).microseconds(since: Clock.tick())
      guard left > 0, !isStopping, target.rawValue < index.height.rawValue + UInt64(IndexThread.batchBlocks)
      else { return }
      _ = wake.take(into: &wakes, waitingAtMost: left)
    }
  }

  /// Checks that the index matches the chain. The two are written separately, so after a crash or a copied file either
  /// may be ahead.
  private func compare() throws(QueryIndexError) {
    guard let digest = index.digest else { return }
    let height = index.height
    let base = base()
    // A block that has been pruned since cannot be compared.
    guard height >= base else { return }
    let reason: String
    switch height == base ? try read(base.next ?? base)?.block.header.parent ?? digest : try read(height)?.block.digest
    {
    case digest: return
    case nil: reason = "it has block \(height), which the chain does not have"
    case let other?: reason = "its block \(height) is \(digest), but the chain's is \(other)"
    }
    notice(.startedAgain(reason: reason))
    try index.reset()
  }

  private func catchUp() throws(QueryIndexError) {
    let base = base()
    if index.height < base, let next = base.next, let block = try read(next) {
      notice(.jumped(from: index.height, to: base))
      try index.jump(to: base, digest: block.block.header.parent)
    }
    while true {
      if index.holdsFrom == nil { try findHolds(above: base) }
      let isBehind = isFarBehind
      guard let blocks = try nextBatch() else { return }
      if isBehind {
        try index.add(blocks)
      } else {
        try background.run { [index] () throws(QueryIndexError) in try index.add(blocks) }
      }
    }
  }

  /// Takes the open holds from the newest snapshot that the index has reached, and does what the blocks above it did to them.
  private func findHolds(above base: Height) throws(QueryIndexError) {
    guard let (height, open) = readHolds(above: base) else { return }
    do throws(QueryIndexError) {
      try begin(with: open, at: height)
    } catch {
      // Blocks above the snapshot were pruned meanwhile: a later one has the holds.
      guard case .notNext = error else { throw error }
    }
  }

  private func begin(with open: [Hold], at height: Height) throws(QueryIndexError) {
    try index.begin(with: open, at: height) { [self] reached in
      var blocks: [IndexedBlock] = []
      var bytes = 0
      while blocks.count < IndexThread.batchBlocks, bytes < IndexThread.batchBytes,
        let next = (blocks.last?.block.height ?? reached).next, next <= index.height, let block = try read(next)
      {
        blocks.append(block)
        bytes += block.block.bytes.count
      }
      return blocks
    }
  }

  /// Nil if no snapshot has them. One that cannot be read is tried once, and so is the next one.
  private func readHolds(above base: Height) -> (height: Height, holds: [Hold])? {
    do throws(SnapshotFault) {
      let tried = state.withLock { $0.triedSnapshot }
      let heights = try holds.heights().filter { $0 >= base && $0 <= index.height }
      guard let height = heights.last, tried.map({ $0 < height }) ?? true else { return nil }
      state.withLock { $0.triedSnapshot = height }
      let open = try holds.read(height)
      state.withLock { $0.snapshotFault = nil }
      return (height, open)
    } catch {
      let isNew = state.withLock { state in
        defer { state.snapshotFault = error }
        return state.snapshotFault != error
      }
      if isNew { notice(.holdsUnknown(error)) }
      return nil
    }
  }

  /// Whether blocks must be read back from the log, or soon would have to be.
  private var isFarBehind: Bool {
    let height = index.height.rawValue
    return state.withLock { state in
      state.freshBytes > IndexThread.freshBytes / 4 || state.target.rawValue > height + UInt64(state.fresh.count)
    }
  }

  /// Nil if there is nothing to index for now.
  private func nextBatch() throws(QueryIndexError) -> [IndexedBlock]? {
    var blocks: [IndexedBlock] = []
    var operations = 0
    var bytes = 0
    var height = index.height
    while blocks.count < IndexThread.batchBlocks, operations < IndexThread.batchOperations,
      bytes < IndexThread.batchBytes
    {
      let (target, isStopping) = state.withLock { ($0.target, $0.isStopping) }
      if isStopping { return nil }
      guard height < target, let next = height.next, let block = try block(at: next) else { break }
      operations += block.block.operationCount
      bytes += block.block.bytes.count
      blocks.append(block)
      height = next
    }
    return blocks.isEmpty ? nil : blocks
  }

  private func block(at height: Height) throws(QueryIndexError) -> IndexedBlock? {
    if let fresh = state.withLock({ $0.take(height) }) { return fresh }
    return try read(height)
  }

  private func read(_ height: Height) throws(QueryIndexError) -> IndexedBlock? {
    do {
      return try source(height)
    } catch {
      let explained = error as? any ExplainedError
      throw .chainUnreadable(
        height: height, explanation: explained?.explanation ?? "\(error)",
        nextStep: explained?.nextStep ?? "run 'roadbed audit' on the node's directory")
    }
  }
}
