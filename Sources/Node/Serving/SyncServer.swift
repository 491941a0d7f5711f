internal import BlockLog
internal import DequeModule
internal import Foundation
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica
internal import Synchronization

/// Reads blocks and snapshots for peers that catch up, on a separate thread, so that neither the replica nor the log
/// thread waits for it, in the order of a `RequestQueue`.
final class SyncServer: Sendable {
  private let queue = Mutex(RequestQueue())
  /// One element for each request that was put into the queue.
  private let signals = Mailbox<Void>(limit: .max)
  private let store: ChainStore
  private let snapshots: SnapshotStore<FileDisk>
  private let links: any PeerTransport
  private let logger: Logger

  init(store: ChainStore, snapshots: SnapshotStore<FileDisk>, links: any PeerTransport, logger: Logger) {
    self.store = store
    self.snapshots = snapshots
    self.links = links
    self.logger = logger
  }

  func start() -> WorkerThread {
    WorkerThread("sync-server", end: { [signals] in signals.close() }) { [self] in
      var responder = Responder(snapshots)
      var batch: Deque<Void> = []
      while signals.take(into: &batch, waitingAtMost: queue.withLock { $0.pause(at: Clock.tick()) }) {
        while let request = queue.withLock({ $0.take(at: Clock.tick()) }) {
          let frame = answer(request, &responder)?.encoded()
          if let frame { links.send([frame], to: request.peer) }
          queue.withLock { $0.finish(request.peer, sent: frame?.count ?? 0, at: Clock.tick()) }
        }
      }
    }
  }

  private func answer(_ request: PeerRequest, _ responder: inout Responder<FileDisk>) -> PeerMessage? {
    do throws(ResponderError) {
      for tries in 0... {
        switch try responder.answer(request, from: store, isLastTry: tries == Responder<FileDisk>.tries) {
        case .message(let message): return message
        case .nothing: return nil
        case .notYet: usleep(UInt32(Responder<FileDisk>.pause))
        }
      }
    } catch {
      logger.error(
        "cannot answer a peer's request: \(error.explanation)",
        metadata: ["code": "\(error.code)", "next": "\(error.nextStep)"])
    }
    return nil
  }

  func serve(_ request: PeerRequest) {
    if queue.withLock({ $0.put(request) }) { signals.force(()) }
  }
}
