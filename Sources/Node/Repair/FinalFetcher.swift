internal import Cryptography
internal import DequeModule
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica
internal import Synchronization

/// Fetches final blocks by height from peers for a damaged log, and verifies each with the validators of its epoch.
///
/// The calling thread waits; answers arrive on the network's threads.
final class FinalFetcher: Sendable {
  private struct Answer: Sendable {
    var peer: PeerID
    var height: Height
    /// Empty if the peer does not have it.
    var bytes: [UInt8]
  }

  private let genesis: Genesis
  private let closings: @Sendable () -> ClosingBook
  private let links: any PeerTransport
  private let mayHaveAll: @Sendable (PeerID) -> Bool
  private let logger: Logger
  private let answers = Mailbox<Answer>(limit: 64)
  private let connected = Mutex<Set<PeerID>>([])
  /// The peer that was asked for each height, so that no other answer is accepted.
  private let asked = Mutex<[Height: PeerID]>([:])
  private let isStopped = Atomic<Bool>(false)

  /// - Parameter closings: the closings that the node has.
  /// - Parameter mayHaveAll: whether a peer may have every block; no others are asked.
  init(
    genesis: Genesis, closings: @escaping @Sendable () -> ClosingBook, links: any PeerTransport,
    mayHaveAll: @escaping @Sendable (PeerID) -> Bool, logger: Logger
  ) {
    self.genesis = genesis
    self.closings = closings
    self.links = links
    self.mayHaveAll = mayHaveAll
    self.logger = logger
  }

  func linked(_ peer: PeerID, _ isLinked: Bool) {
    connected.withLock { if isLinked { $0.insert(peer) } else { $0.remove(peer) } }
  }

  /// Ends `fetch`: the node stops.
  func close() {
    isStopped.store(true, ordering: .relaxed)
    answers.close()
  }

  /// Drops answers that were not requested.
  /// - Parameter bytes: empty if the peer does not have the block.
  /// - Returns: whether the answer was requested.
  @discardableResult
  func receive(_ bytes: [UInt8], of height: Height, from peer: PeerID) -> Bool {
    let isWanted = asked.withLock { asked in
      guard asked[height] == peer else { return false }
      asked[height] = nil
      return true
    }
    return isWanted && answers.offer(Answer(peer: peer, height: height, bytes: bytes))
  }

  /// Waits until each height has been fetched or given up. Nil if the node stops.
  func fetch(_ heights: [Height]) -> [Height: FinalRecord]? {
    let closings = closings()
    var fetch = FinalFetch(
      heights, chain: genesis.chain, validators: closings.newestValidators(genesis), now: Clock.tick())
    while !isStopped.load(ordering: .relaxed) {
      switch fetch.next(connected.withLock { $0.filter(mayHaveAll) }, now: Clock.tick()) {
      case .done(let found): return found
      case .ask(let peer, let height):
        asked.withLock { $0[height] = peer }
        links.send([PeerMessage.fetchFinal(height).encoded()], to: peer)
      case .report(let missing, let height, let peers):
        logger.warning(
          "repair is waiting: \(missing) blocks from height \(height) on are missing; \(peers) peers can be asked",
          metadata: ["next": "start the other validators, or check the links to them"])
      case .wait(let tick):
        var batch: Deque<Answer> = []
        guard answers.take(into: &batch, waitingAtMost: tick.microseconds(since: Clock.tick())) else { return nil }
        for answer in batch {
          let fault = fetch.receive(answer.bytes, of: answer.height, from: answer.peer, now: Clock.tick()) {
            (proof) throws(ReceiptError) in try proof.verify(genesis, closings)
          }
          if let fault { links.disconnect(answer.peer, because: fault.explanation) }
        }
      }
    }
    return nil
  }
}
