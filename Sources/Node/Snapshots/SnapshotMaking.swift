internal import BlockLog
internal import Foundation
package import Ledger
internal import NodeCore
package import Primitives
internal import Replica

/// Makes a snapshot of the last final height in a node's log, in a separate process: for a backup, to replace lost
/// snapshots, or to shorten the node's next start.
package enum SnapshotMaking {
  /// A snapshot that was made, or that existed already.
  package struct Result: Sendable {
    package var facts: SnapshotFacts
    package var file: String
    /// The height of the state from which execution began.
    package var beganAt: Height
    /// False if a sound snapshot of this height existed already.
    package var isNew: Bool
    /// Existing snapshots that cannot be used.
    package var unusable: [SnapshotFolder.Finding]
    package var seconds: Double
  }

  package enum Progress: Sendable {
    /// The number of log records replayed so far, and the total.
    case reading(done: Int, of: Int)
    case copying(rows: Int, of: Int)
  }

  private static let copiedRows = 65_536
  /// A subfolder of the snapshot folder, which a node that makes or fetches snapshots itself never reads.
  private static let stagingFolder = "making-by-hand"

  /// Reads the log, executes the blocks above the newest sound snapshot, writes the new snapshot in a staging folder,
  /// and renames it in one step to where the node looks for it. The node may keep running.
  package static func run(
    _ folders: HistoryFolders, genesis: Genesis, threads: Int, progress: (Progress) -> Void = { _ in }
  ) throws -> Result {
    let begun = Clock.tick()
    let made: Result
    do {
      made = try run(try folders.liveDisk(), folders, genesis, threads, begun, progress)
    } catch let error as NodeError {
      // The archive may have the blocks that the log lacks.
      guard case .noBeginning = error, let archived = try folders.archivedDisk() else { throw error }
      made = try run(archived, folders, genesis, threads, begun, progress)
    }
    return made
  }

  private static func run(
    _ storage: some Disk, _ folders: HistoryFolders, _ genesis: Genesis, _ threads: Int, _ begun: Tick,
    _ progress: (Progress) -> Void
  ) throws -> Result {
    let log = try OfflineReplay(storage, in: folders, from: .newest, genesis: genesis, threads: threads)
    // The state would be right, but not that of the end of the log.
    if case .damaged(let damage) = log.inspection.outcome { throw LogError.damaged(damage) }
    let (unusable, beganAt, total) = (log.unusable, log.point.height, log.inspection.records)
    var cursor = log.records
    var restoration = log.restoration
    var last: Commit?
    var done = 0
    while let record = try cursor.next() {
      last = try restoration.apply(kind: record.kind, payload: record.payload, at: record.position).commits.last ?? last
      done += 1
      if done.isMultiple(of: 1024) { progress(.reading(done: done, of: total)) }
    }
    func result(_ facts: SnapshotFacts, isNew: Bool) -> Result {
      Result(
        facts: facts, file: "\(folders.snapshots)/\(SnapshotFolder.file(of: facts.height))", beganAt: beganAt,
        isNew: isNew, unusable: unusable, seconds: Double(Clock.tick().microseconds(since: begun)) / 1e6)
    }
    guard let last else {
      guard beganAt > .genesis else { throw SnapshotMakingError.nothingFinal(folders.log) }
      let shelf = SnapshotStore(try FileDisk(path: folders.snapshots, access: .readOnly), chain: genesis.chain)
      return result(SnapshotFacts(try shelf.open(beganAt), chain: genesis.chain), isNew: false)
    }
    guard let finalization = last.finalization else { throw SnapshotMakingError.notProven(last.height) }
    let proof = CertifiedBlock(
      header: last.block.header, result: last.execution.result, descendants: [], certificate: finalization)
    try proof.verify(genesis, restoration.closings)
    try makeDurable(folders.log)
    return result(try write(restoration.intoLedger(), proof, folders.snapshots, genesis, progress), isNew: true)
  }

  /// Syncs the log's files. A running node may not have synced what was read here, and after a loss of power the
  /// snapshot could then be above the end of the log.
  private static func makeDurable(_ folder: String) throws {
    for file in try FileDisk(path: folder, access: .readOnly).list() where file.hasSuffix(".segment") {
      let descriptor = open("\(folder)/\(file)", O_RDONLY | O_CLOEXEC)
      // A file that has just been pruned was durable.
      guard descriptor >= 0 else { continue }
      let isSynced = fsync(descriptor) == 0
      let reason = isSynced ? "" : "\(String(cString: strerror(errno))) (errno \(errno))"
      close(descriptor)
      guard isSynced else {
        throw DiskError(.sync, path: "\(folder)/\(file)", cause: .inputOutput, systemText: reason)
      }
    }
  }

  private static func write(
    _ ledger: consuming LedgerState, _ proof: CertifiedBlock, _ folder: String, _ genesis: Genesis,
    _ progress: (Progress) -> Void
  ) throws -> SnapshotFacts {
    let target = try FileDisk(path: folder)
    let path = "\(folder)/\(stagingFolder)"
    let staging = try FileDisk(path: path)
    // The lock excludes other processes, so any files here are left over from an interrupted run.
    let lock = try DirectoryLock(directory: path)
    for file in try staging.list() where file != DirectoryLock.file { try staging.remove(file) }
    let shelf = SnapshotStore(staging, chain: genesis.chain)
    ledger.pin()
    let bound = ledger.pinnedRowBound
    var writer = try SnapshotWriter(shelf, height: proof.height, bound: bound)
    var pinned = PinnedCursor()
    var copied = 0
    var isMore = true
    while isMore {
      var batch = StateEntryBatch()
      isMore = ledger.copyPinned(&pinned, rows: copiedRows, into: &batch)
      try writer.add(batch)
      copied = min(bound, copied + copiedRows)
      progress(.copying(rows: copied, of: bound))
    }
    let manifest = try writer.finish(proof: proof)
    let facts = SnapshotFacts(manifest, bytes: try shelf.byteCount(of: proof.height), chain: genesis.chain)
    let file = SnapshotFolder.file(of: proof.height)
    guard rename("\(path)/\(file)", "\(folder)/\(file)") == 0 else {
      throw DiskError(
        .rename, path: "\(path)/\(file)", cause: .other,
        systemText: "\(String(cString: strerror(errno))) (errno \(errno))")
    }
    try target.syncDirectory()
    try? FileManager.default.removeItem(atPath: path)
    _ = consume lock
    return facts
  }
}
