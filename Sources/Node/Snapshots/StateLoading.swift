package import BlockLog
internal import Cryptography
package import Ledger
internal import Logging
internal import Primitives
package import Replica
internal import Synchronization

/// Making a ledger's state of a stored snapshot, with the hashing on as many threads as there are cores.
package enum StateLoading {
  /// The state that a node starts from: that of its newest sound snapshot, else that after genesis. A snapshot that
  /// turns out to be bad is removed and said so.
  static func newest(
    on shelf: SnapshotStore<FileDisk>, genesis: Genesis, threads: Int, logger: Logger
  ) throws(SnapshotFault) -> LoadedState {
    for height in try shelf.heights().reversed() {
      let begun = Clock.tick()
      do throws(SnapshotFault) {
        let state = try load(try shelf.open(height), genesis: genesis, threads: threads)
        let milliseconds = Clock.tick().microseconds(since: begun) / 1000
        logger.notice("starting from the snapshot of height \(height), loaded in \(milliseconds) ms")
        return state
      } catch {
        if case .file(.disk) = error { throw error }
        logger.warning(
          "the snapshot of height \(height) cannot be used and is removed: \(error.explanation)",
          metadata: ["code": "\(error.code)"])
        try shelf.remove(height)
      }
    }
    return LoadedState(ledger: LedgerState(genesis: genesis), proof: nil)
  }

  /// Checks everything, signatures included, and loads.
  package static func load(
    _ stored: StoredSnapshot<FileDisk>, genesis: Genesis, threads: Int
  ) throws(SnapshotFault) -> LoadedState {
    do throws(SnapshotError) {
      try stored.manifest.verify(genesis.chain, validators: genesis.validatorSet)
    } catch {
      throw .content(error)
    }
    let decoding = ChunkDecoding(stored, suite: genesis.suite, threads: threads)
    defer { decoding.stop() }
    var loader = SnapshotLoader(stored.manifest, genesis: genesis)
    while let chunk = try decoding.next() {
      do throws(SnapshotError) {
        try loader.add(chunk)
      } catch {
        throw .content(error)
      }
    }
    do throws(SnapshotError) {
      return LoadedState(ledger: try loader.finish(), proof: stored.manifest.proof)
    } catch {
      throw .content(error)
    }
  }
}

/// Reads and decodes a snapshot's chunks ahead of whoever takes them, who gets them in order.
private final class ChunkDecoding: Sendable {
  private typealias Decoded = Result<StateChunk, SnapshotFault>

  private let stored: StoredSnapshot<FileDisk>
  private let work = Mailbox<Int>(limit: .max)
  private let done = Mailbox<(index: Int, chunk: Decoded)>(limit: .max)
  private let threads: [WorkerThread]
  // Of the taker alone.
  private let taker: Mutex<(next: Int, given: Int, early: [Int: Decoded])>
  /// Chunks that are decoded and not taken yet, at most: bounds memory.
  private static let ahead = 64

  init(_ stored: StoredSnapshot<FileDisk>, suite: Suite, threads count: Int) {
    self.stored = stored
    let (work, done) = (work, done)
    threads = (0..<max(1, count)).map { number in
      WorkerThread("snapshot-\(number)") {
        var hash = HashFunction(suite)
        while let index = work.takeOne() { done.force((index, Self.decode(stored, index, &hash))) }
      }
    }
    let given = min(Self.ahead, stored.manifest.chunks.count)
    for index in 0..<given { work.force(index) }
    taker = Mutex((0, given, [:]))
  }

  private static func decode(
    _ stored: StoredSnapshot<FileDisk>, _ index: Int, _ hash: inout HashFunction
  ) -> Decoded {
    do throws(SnapshotFault) {
      let bytes = try stored.chunk(index)
      do throws(SnapshotError) {
        return .success(try stored.manifest.chunk(index, bytes, hash: &hash))
      } catch {
        throw .content(error)
      }
    } catch {
      return .failure(error)
    }
  }

  /// The next chunk, nil behind the last.
  func next() throws(SnapshotFault) -> StateChunk? {
    let found = taker.withLock { state -> Decoded? in
      guard state.next < stored.manifest.chunks.count else { return nil }
      while state.early[state.next] == nil, let (index, chunk) = done.takeOne() { state.early[index] = chunk }
      let found = state.early.removeValue(forKey: state.next)
      state.next += 1
      if state.given < stored.manifest.chunks.count {
        work.force(state.given)
        state.given += 1
      }
      return found
    }
    return try found?.get()
  }

  func stop() {
    work.close()
    for thread in threads { thread.join() }
  }
}
