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
  private var ahead: ReadAhead
  private var early: [Int: Decoded] = [:]

  init(_ stored: StoredSnapshot<FileDisk>, suite: Suite, threads count: Int) {
    self.stored = stored
    let (work, done) = (work, done)
    threads = (0..<max(1, count)).map { number in
      WorkerThread("snapshot-\(number)") {
        var hash = HashFunction(suite)
        while let index = work.takeOne() { done.force((index, Self.decode(stored, index, &hash))) }
      }
    }
    ahead = ReadAhead(stored.manifest.chunks.indices.map { stored.byteCount(of: $0) })
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
    for index in ahead.give() { work.force(index) }
    guard let next = ahead.take() else { return nil }
    while early[next] == nil, let (index, chunk) = done.takeOne() { early[index] = chunk }
    let found = early.removeValue(forKey: next)
    return try found?.get()
  }

  func stop() {
    work.close()
    for thread in threads { thread.join() }
  }
}
