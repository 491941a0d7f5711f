internal import Cryptography
internal import DequeModule
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica
internal import Synchronization

/// Fetches final blocks by height from peers for a log that was damaged, and checks each with genesis alone.
///
/// The caller's thread waits; answers come from the network's.
final class FinalFetcher: Sendable {
  private struct Answer: Sendable {
    var peer: PeerID
    var height: Height
    /// Empty if the peer does not have it.
    var bytes: [UInt8]
  }

  private let genesis: Genesis
  private let send: @Sendable ([UInt8], PeerID) -> Void
  private let blame: @Sendable (PeerID, String) -> Void
  private let logger: Logger
  private let answers = Mailbox<Answer>(limit: 64)
  private let connected = Mutex<Set<PeerID>>([])
  /// What was asked of whom, so that nothing else is taken.
  private let asked = Mutex<[Height: PeerID]>([:])
  private let isStopped = Atomic<Bool>(false)

  init(
    genesis: Genesis, logger: Logger, send: @escaping @Sendable ([UInt8], PeerID) -> Void,
    blame: @escaping @Sendable (PeerID, String) -> Void
  ) {
    self.genesis = genesis
    self.logger = logger
    self.send = send
    self.blame = blame
  }

  func linked(_ peer: PeerID, _ isLinked: Bool) {
    connected.withLock { if isLinked { $0.insert(peer) } else { $0.remove(peer) } }
  }

  func stop() {
    isStopped.store(true, ordering: .relaxed)
    answers.close()
  }

  /// A frame from a peer. False if it is none of this fetcher's business.
  func take(_ frame: [UInt8], from peer: PeerID) -> Bool {
    guard frame.first == PeerMessage.Kind.final.rawValue else { return false }
    do throws(CodecError) {
      guard case .final(let height, let bytes) = try PeerMessage(frame) else { return true }
      let isWanted = asked.withLock { asked in
        guard asked[height] == peer else { return false }
        asked[height] = nil
        return true
      }
      if isWanted { _ = answers.offer(Answer(peer: peer, height: height, bytes: bytes)) }
    } catch {
      blame(peer, error.explanation)
    }
    return true
  }

  /// Waits until each height was fetched or given up. Nil if the node stops.
  func fetch(_ heights: [Height]) -> [Height: FinalRecord]? {
    let validators = genesis.validatorSet
    var fetch = FinalFetch(heights, chain: genesis.chain, validators: validators, now: Clock.tick())
    while !isStopped.load(ordering: .relaxed) {
      switch fetch.next(connected.withLock { $0 }, now: Clock.tick()) {
      case .done(let found): return found
      case .ask(let peer, let height):
        asked.withLock { $0[height] = peer }
        send(PeerMessage.fetchFinal(height).encoded(), peer)
      case .report(let missing, let height, let peers):
        logger.warning(
          "repair is waiting: \(missing) blocks from height \(height) on are missing; \(peers) peers can be asked",
          metadata: ["next": "start the other validators, or check the links to them"])
      case .wait(let tick):
        var batch: Deque<Answer> = []
        guard answers.take(into: &batch, waitingAtMost: tick.microseconds(since: Clock.tick())) else { return nil }
        for answer in batch {
          let fault = fetch.receive(answer.bytes, of: answer.height, from: answer.peer, now: Clock.tick()) {
            (proof) throws(ReceiptError) in try proof.verify(genesis.chain, validators: validators)
          }
          if let fault { blame(answer.peer, fault.explanation) }
        }
      }
    }
    return nil
  }
}
