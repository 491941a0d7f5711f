internal import BlockLog
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica

/// A log that is read outside its node, and the state from which its blocks are executed.
struct OfflineReplay<Storage: Disk>: ~Copyable {
  /// Which of several sound snapshots to begin with.
  enum Choice { case oldest, newest }

  let inspection: LogReader<Storage>.Inspection
  /// A cursor over all sound records.
  let records: LogCursor<Storage>
  /// Ready for the first record.
  var restoration: Restoration
  /// The block whose state the restoration begins with.
  let point: ChainPoint
  /// Snapshots that could not be used.
  let unusable: [SnapshotFolder.Finding]

  /// Checks every byte of the log, and begins with genesis or with a snapshot that is proven to be a final state. With
  /// `.oldest` a snapshot is used only if it is needed, because segments were pruned or the node continued above a
  /// state that it had fetched. Damage does not throw; it is in the inspection.
  init(
    _ storage: Storage, in folders: HistoryFolders, from choice: Choice, genesis: Genesis, threads: Int
  ) throws(NodeError) {
    let snapshots = SnapshotFolder(path: folders.snapshots, genesis: genesis)
    // List the snapshots before reading the log, so that the log contains everything up to each of them.
    let heights = try Self.heights(in: snapshots)
    let (inspection, records) = try Self.inspect(storage, genesis.chain)
    let pruned = try Self.prunedPart(inspection)
    let base = max(pruned?.height ?? .genesis, try Self.lastBase(records))
    var unusable: [SnapshotFolder.Finding] = []
    let wanted = choice == .oldest && base == .genesis ? [] : heights.filter { $0 >= base }
    let closings = try folders.closings(genesis)
    let state = try Self.state(of: snapshots, wanted, choice, closings, threads, &unusable)
    guard base == .genesis || state.proof != nil else { throw .noBeginning(directory: folders.log, height: base) }
    self.inspection = inspection
    self.records = records
    self.unusable = unusable
    point = state.ledger.settled
    restoration = Restoration(
      genesis: genesis, state: state, base: pruned, closings: closings)
  }

  private static func heights(in snapshots: SnapshotFolder) throws(NodeError) -> [Height] {
    do throws(SnapshotFault) {
      return try snapshots.heights()
    } catch {
      throw .history(error)
    }
  }

  private static func state(
    of snapshots: SnapshotFolder, _ heights: [Height], _ choice: Choice, _ closings: ClosingBook, _ threads: Int,
    _ unusable: inout [SnapshotFolder.Finding]
  ) throws(NodeError) -> LoadedState {
    do throws(SnapshotFault) {
      let found = try snapshots.firstSound(
        of: choice == .oldest ? heights : heights.reversed(), closings, threads: threads, unusable: &unusable)
      if let found { return found }
      return LoadedState(ledger: LedgerState(genesis: snapshots.genesis), proof: nil)
    } catch {
      throw .history(error)
    }
  }

  private static func inspect(
    _ storage: Storage, _ chain: ChainContext
  ) throws(NodeError) -> (LogReader<Storage>.Inspection, LogCursor<Storage>) {
    do throws(LogError) {
      let found = try LogReader(storage, owner: .anyone(of: chain.genesis)).inspect()
      return (found.inspection, found.records)
    } catch {
      throw .log(error)
    }
  }

  private static func prunedPart(
    _ inspection: LogReader<Storage>.Inspection
  ) throws(NodeError) -> LogBase? {
    guard let mark = inspection.pruned else { return nil }
    do throws(CodecError) {
      return try LogBase(mark.carry)
    } catch {
      throw .unreadable(path: "the log's prune mark", reason: error.explanation)
    }
  }

  /// The last height above which the node continued with a state that it had fetched.
  private static func lastBase(_ records: LogCursor<Storage>) throws(NodeError) -> Height {
    var cursor = records
    var base = Height.genesis
    do throws(LogError) {
      while let record = try cursor.next() {
        if record.kind == BaseEntry.entryKind.rawValue { base = max(base, record.height) }
      }
    } catch {
      throw .log(error)
    }
    return base
  }
}
