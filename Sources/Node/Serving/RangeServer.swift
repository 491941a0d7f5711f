internal import Logging
internal import Primitives
internal import Replica
internal import Synchronization

/// Reads finalized blocks for peers that catch up, on a thread of its own, so that neither the replica nor the
/// disk thread waits for it. Requests beyond its queue are dropped: the peer asks again, or another.
final class RangeServer: Sendable {
  private let mailbox = Mailbox<RangeRequest>(limit: 64)
  private let store: ChainStore
  private let logger: Logger
  private let thread = Mutex<WorkerThread?>(nil)
  private let open = Mutex<Set<ValidatorIndex>>([])

  init(store: ChainStore, logger: Logger) {
    self.store = store
    self.logger = logger
  }

  func start(send: @escaping @Sendable (_ frame: [UInt8], _ peer: ValidatorIndex) -> Void) {
    let thread = WorkerThread("ranges") { [self, mailbox, store, logger] in
      while let request = mailbox.takeOne() {
        defer { _ = open.withLock { $0.remove(request.peer) } }
        do throws(ChainStoreError) {
          guard let range = try store.range(from: request.from) else { continue }
          send(PeerMessage.range(range).encoded(), request.peer)
        } catch {
          logger.error("\(error.explanation)", metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
        }
      }
    }
    self.thread.withLock { $0 = thread }
  }

  /// One request of each peer at a time: one that repeats itself does not crowd out the others.
  func serve(_ request: RangeRequest) {
    guard open.withLock({ $0.insert(request.peer).inserted }) else { return }
    if !mailbox.offer(request) { _ = open.withLock { $0.remove(request.peer) } }
  }

  func stop() {
    mailbox.close()
    thread.withLock { $0.take() }?.join()
  }
}
