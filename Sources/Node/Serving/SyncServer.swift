internal import BlockLog
internal import Foundation
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica
internal import Synchronization

/// Reads blocks and snapshots for peers that catch up, on a thread of its own, so that neither the replica nor the
/// disk thread waits for it. Requests beyond its queue are dropped: the peer asks again, or another.
final class SyncServer: Sendable {
  private let mailbox = Mailbox<PeerRequest>(limit: OpenRequests.limit)
  private let store: ChainStore
  private let snapshots: SnapshotStore<FileDisk>
  private let logger: Logger
  private let thread = Mutex<WorkerThread?>(nil)
  private let open = Mutex(OpenRequests())

  init(store: ChainStore, snapshots: SnapshotStore<FileDisk>, logger: Logger) {
    self.store = store
    self.snapshots = snapshots
    self.logger = logger
  }

  func start(send: @escaping @Sendable (_ frame: [UInt8], _ peer: PeerID) -> Void) {
    let thread = WorkerThread("sync-server") { [self] in
      var responder = Responder(snapshots)
      while let request = mailbox.takeOne() {
        if let message = answer(request, &responder) { send(message.encoded(), request.peer) }
        open.withLock { $0.end(request.peer) }
      }
    }
    self.thread.withLock { $0 = thread }
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

  /// Receives a frame that asks for one final block. False if it is another one.
  func receive(_ frame: [UInt8], from peer: PeerID) -> Bool {
    guard frame.first == PeerMessage.Kind.fetchFinal.rawValue, case .fetchFinal(let height)? = try? PeerMessage(frame)
    else { return false }
    serve(.final(peer: peer, height))
    return true
  }

  func stop() {
    mailbox.close()
    thread.withLock { $0.take() }?.join()
  }
}
