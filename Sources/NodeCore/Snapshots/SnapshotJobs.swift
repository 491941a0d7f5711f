package import BlockLog
internal import Ledger
internal import Primitives
internal import Replica

/// Writes a node's snapshots, and keeps one that is being fetched.
///
/// The replica's owner copies a pinned state part by part and hands it over. A snapshot gets its final name only when
/// all of it, the log up to its block, and the closings that lead to its epoch are durable: it then takes the place of an
/// older one.
package struct SnapshotJobs<Storage: Disk>: ~Copyable {
  private let store: SnapshotStore<Storage>
  /// How many snapshots are kept.
  private let kept: Int
  private var writer: SnapshotWriter<Storage>?
  private var longestPiece: UInt64 = 0
  private var joining: StoredSnapshot<Storage>?

  package init(_ store: SnapshotStore<Storage>, kept: Int) {
    self.store = store
    self.kept = kept
  }

  /// Runs a command. After an error, the snapshot that was being created is given up; the next one is created as usual.
  package mutating func run<Receiver: SnapshotReceiver>(
    _ command: SnapshotCommand, from chain: some ChainSource, _ receiver: borrowing Receiver
  ) throws(SnapshotJobError) where Receiver.Storage == Storage {
    if case .durable(let height) = command { return try finish(height, chain, receiver) }
    do throws(SnapshotFault) {
      switch command {
      case .begin(let height, let bound):
        giveUp()
        writer = try SnapshotWriter(store, height: height, bound: bound)
      case .batch(let batch): try writer?.add(batch)
      case .copied(let longest):
        guard let height = writer?.height else { return }
        longestPiece = longest
        receiver.copied(height)
      case .durable: break
      case .giveUp(let height): if writer?.height == height { giveUp() }
      case .step(let step): try receive(step, receiver)
      case .overtaken:
        joining = nil
        try store.abandonJoining()
      }
    } catch {
      giveUp()
      throw .snapshot(error)
    }
  }

  /// Gives up the snapshot that is being created. Its files would keep a full disk full until the next start.
  private mutating func giveUp() {
    writer = nil
    // If the disk refuses even this, the next snapshot or the next start removes them.
    do { try store.tidy() } catch {}
  }

  private mutating func finish<Receiver: SnapshotReceiver>(
    _ height: Height, _ chain: some ChainSource, _ receiver: borrowing Receiver
  ) throws(SnapshotJobError) where Receiver.Storage == Storage {
    guard writer?.height == height, let whole = writer.take() else { return }
    let proof: CertifiedBlock?
    do throws(ChainStoreError) {
      proof = try chain.certifiedBlock(at: height)
    } catch {
      giveUp()
      throw .chain(error)
    }
    // A closing that damage took is fetched again. Until then no start could use the snapshot.
    guard let proof, chain.closings.firstMissing(before: proof.certificate.statement.epoch) == nil else {
      giveUp()
      return receiver.unproven(height)
    }
    do throws(SnapshotFault) {
      let manifest = try whole.finish(proof: proof)
      try store.keep(kept, through: height)
      receiver.made(manifest, bytes: try store.byteCount(of: height), longestPiece: longestPiece)
    } catch {
      giveUp()
      throw .snapshot(error)
    }
  }

  // MARK: Fetching

  /// The snapshot that was being fetched when the node last stopped.
  package func interrupted() throws(SnapshotFault) -> StoredSnapshot<Storage>? { try store.interrupted() }

  private mutating func receive<Receiver: SnapshotReceiver>(
    _ step: SnapshotStep, _ receiver: borrowing Receiver
  ) throws(SnapshotFault) where Receiver.Storage == Storage {
    switch step {
    case .begin(let height, let manifest): joining = try store.begin(height, manifest: manifest)
    case .store(let height, let index, let bytes):
      if joining == nil { joining = try store.interrupted() }
      guard joining?.manifest.height == height else { return }
      try joining?.store(index, bytes)
    case .assemble(let height):
      if joining == nil { joining = try store.interrupted() }
      guard let whole = joining, whole.manifest.height == height else { return receiver.failed(height) }
      joining = nil
      do throws(SnapshotFault) {
        let state = try receiver.load(whole)
        try store.complete(whole)
        receiver.loaded(state)
      } catch {
        try store.abandonJoining()
        receiver.failed(height)
        throw error
      }
    }
  }
}
