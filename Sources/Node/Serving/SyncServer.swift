internal import BlockLog
internal import Foundation
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica
internal import Synchronization

/// Reads blocks and snapshots for peers that catch up, on a separate thread, so that neither the replica nor the log
/// thread waits for it. Requests that do not fit in its queue are dropped; the peer asks again, or asks another node.
final class SyncServer: Sendable {
  private let mailbox = Mailbox<PeerRequest>(limit: OpenRequests.limit)
  private let store: ChainStore
  private let snapshots: SnapshotStore<FileDisk>
  private let links: any PeerTransport
  private let logger: Logger
  private let open = Mutex(OpenRequests())

  init(store: ChainStore, snapshots: SnapshotStore<FileDisk>, links: any PeerTransport, logger: Logger) {
    self.store = store
    self.snapshots = snapshots
    self.links = links
    self.logger = logger
  }

  func start() -> WorkerThread {
    WorkerThread("sync-server", end: { [mailbox] in mailbox.close() }) { [self] in
      var responder = Responder(snapshots)
      while let request = mailbox.takeOne() {
        if let message = answer(request, &responder) { links.send([message.encoded()], to: request.peer) }
        open.withLock { $0.end(request.peer) }
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
    guard open.withLock({ $0.begin(request.peer) }) else { return }
    if !mailbox.offer(request) { open.withLock { $0.end(request.peer) } }
  }
}
