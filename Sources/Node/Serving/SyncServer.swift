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
  private enum Request: Sendable {
    case range(RangeRequest)
    case snapshot(SnapshotRequest)
    case final(PeerID, Height)

    var peer: PeerID {
      switch self {
      case .range(let request): request.peer
      case .snapshot(.manifest(let peer, _)), .snapshot(.chunk(let peer, _, _)), .final(let peer, _): peer
      }
    }
  }

  /// Requests of one peer that are open at once: one that repeats itself does not crowd out the others.
  private static let openRequests = 4

  private let mailbox = Mailbox<Request>(limit: 64)
  private let store: ChainStore
  private let shelf: SnapshotStore<FileDisk>
  private let logger: Logger
  private let thread = Mutex<WorkerThread?>(nil)
  private let open = Mutex<[PeerID: Int]>([:])

  init(store: ChainStore, shelf: SnapshotStore<FileDisk>, logger: Logger) {
    self.store = store
    self.shelf = shelf
    self.logger = logger
  }

  func start(send: @escaping @Sendable (_ frame: [UInt8], _ peer: PeerID) -> Void) {
    let thread = WorkerThread("sync-server") { [self] in
      // The one that was asked for last stays open: its chunks are asked for one by one.
      var current: StoredSnapshot<FileDisk>?
      while let request = mailbox.takeOne() {
        defer { close(request.peer) }
        if let message = answer(request, &current) { send(message.encoded(), request.peer) }
      }
    }
    self.thread.withLock { $0 = thread }
  }

  private func answer(_ request: Request, _ current: inout StoredSnapshot<FileDisk>?) -> PeerMessage? {
    do {
      switch request {
      case .range(let request):
        waitForDisk(request.from)
        if let range = try store.range(from: request.from) { return .range(range) }
        // Blocks that were pruned here: the state above them is the way to go on.
        return request.from <= store.base ? try manifest(above: request.from) : nil
      case .snapshot(.manifest(_, let above)): return try manifest(above: above)
      case .snapshot(.chunk(_, let height, let index)):
        if current?.manifest.height != height {
          current = try shelf.heights().contains(height) ? shelf.open(height) : nil
        }
        guard let current, current.chunks.contains(index) else {
          return .chunk(height, index: UInt32(clamping: index), bytes: [])
        }
        return .chunk(height, index: UInt32(index), bytes: try current.chunk(index))
      case .final(_, let height): return .final(height, try store.finalRecord(at: height) ?? [])
      }
    } catch {
      let explained = error as? any ExplainedError
      logger.error(
        "a peer's request cannot be answered: \(explained?.explanation ?? "\(error)")",
        metadata: ["code": "\(explained?.code ?? "")", "next": "\(explained?.nextStep ?? "")"])
      current = nil
      return nil
    }
  }

  /// What is final for the replica can be read a moment later.
  private func waitForDisk(_ height: Height) {
    var tries = 20
    while store.height < height, tries > 0 {
      tries -= 1
      Thread.sleep(forTimeInterval: 0.002)
    }
  }

  private func manifest(above height: Height) throws(SnapshotFault) -> PeerMessage? {
    guard let newest = try shelf.heights().last, newest > height else { return nil }
    return .snapshot(try shelf.open(newest).manifestBytes)
  }

  func serve(_ request: RangeRequest) { put(.range(request)) }
  func serve(_ request: SnapshotRequest) { put(.snapshot(request)) }

  /// Takes a frame that asks for one final block. False if it is another one.
  func take(_ frame: [UInt8], from peer: ValidatorIndex) -> Bool {
    guard frame.first == PeerMessage.Kind.fetchFinal.rawValue, case .fetchFinal(let height)? = try? PeerMessage(frame)
    else { return false }
    put(.final(PeerID(peer.rawValue), height))
    return true
  }

  private func put(_ request: Request) {
    let isTaken = open.withLock { open in
      guard open[request.peer, default: 0] < Self.openRequests else { return false }
      open[request.peer, default: 0] += 1
      return true
    }
    if isTaken, !mailbox.offer(request) { close(request.peer) }
  }

  private func close(_ peer: PeerID) { open.withLock { $0[peer, default: 1] -= 1 } }

  func stop() {
    mailbox.close()
    thread.withLock { $0.take() }?.join()
  }
}
