internal import BlockLog
internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives

/// Reads and decodes a snapshot's chunks on several threads, ahead of the loader, which receives them in order.
struct ParallelChunks: SnapshotChunks, Sendable {
  private typealias Decoded = Result<StateChunk, SnapshotFault>

  private let stored: StoredSnapshot<FileDisk>
  private let work = Mailbox<Int>(limit: .max)
  private let done = Mailbox<(index: Int, chunk: Decoded)>(limit: .max)
  private let threads: [WorkerThread]
  private var nextIndex = 0
  private var given: Int
  private var early: [Int: Decoded] = [:]
  /// The maximum number of chunks that are being decoded or wait for the loader, which bounds memory.
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
    given = min(Self.ahead, stored.manifest.chunks.count)
    for index in 0..<given { work.force(index) }
  }

  private static func decode(
    _ stored: StoredSnapshot<FileDisk>, _ index: Int, _ hash: inout HashFunction
  ) -> Decoded {
    do throws(SnapshotFault) {
      return .success(try stored.decodedChunk(index, hash: &hash))
    } catch {
      return .failure(error)
    }
  }

  mutating func next() throws(SnapshotFault) -> StateChunk? {
    guard nextIndex < stored.manifest.chunks.count else { return nil }
    while early[nextIndex] == nil, let (index, chunk) = done.takeOne() { early[index] = chunk }
    let found = early.removeValue(forKey: nextIndex)
    nextIndex += 1
    if given < stored.manifest.chunks.count {
      work.force(given)
      given += 1
    }
    return try found?.get()
  }

  func stop() {
    work.close()
    for thread in threads { thread.join() }
  }
}
